"""The paths a newsroom lives on, in a real browser: with JavaScript, without it, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STORY = "/stories/1/bridge/"
CLOCK = """
from broadsheet.discussion import actions
from broadsheet.stories.models import Story

actions.{verb}(thread=actions.thread_for(Story.objects.get(pk=2)))
"""


def post_without_script(page, body):
    page.goto(STORY)
    page.get_by_role("link", name="Write a comment").first.click()
    page.get_by_role("textbox", name="Comment").fill(body)
    page.get_by_role("button", name="Post comment").click()


def post_in_place(page, body):
    page.goto(STORY)
    page.get_by_role("link", name="Write a comment").or_(
        page.get_by_role("button", name="Write a comment")
    ).first.click()
    page.get_by_role("textbox", name="Comment").fill(body)
    page.get_by_role("button", name="Post comment").click()
    expect(comment_with(page, body)).to_be_visible()


def comment_with(page, body):
    return page.locator(".comment", has_text=body).last


def report(page, body, reason="It is advertising or repeats itself"):
    page.goto(STORY)
    comment_with(page, body).get_by_role("link", name=re.compile("Report")).last.click()
    page.get_by_label(reason).check()
    page.get_by_label(re.compile("note|add", re.IGNORECASE)).first.fill("The same text stands under every story.")
    page.get_by_role("button", name=re.compile("Send|Report")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("report", re.IGNORECASE))
    return page.url


def reject(page, body):
    page.goto("/moderation/reported/")
    card = page.locator("article", has_text=body).last
    card.get_by_label("Reason").select_option("spam")
    card.get_by_role("button", name=re.compile("Reject|Remove")).click()


def test_a_story_written_and_published_at_the_desk_is_on_the_front_page(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.locator("#id_headline").press_sequentially("Señor Müller: weir gate repaired before the flood")
    desk.select_option("#id_section", label="Town")
    desk.fill("#id_place", "HARLOW MILLS")
    desk.locator("[data-contentpath=body] .c-sf-add-button").first.click()
    desk.get_by_role("option", name="Paragraph").first.click()
    desk.locator("[data-contentpath=body] [contenteditable=true]").last.click()
    desk.keyboard.type("The gate closes again, the engineer said on Monday.")
    # The editor hands its text to the form a quarter of a second later.
    expect(desk.locator("[data-contentpath=body] input[name$='-value']").last).to_have_value(re.compile("on Monday"))
    publish_menu = desk.locator("footer button[data-w-dropdown-target=toggle]").last
    publish_menu.click()
    desk.click("button[name=action-publish]")
    expect(desk.get_by_text("The story was not published.")).to_be_visible()  # nobody is credited
    front = open_page(javascript=False)
    front.goto("/")
    expect(front.get_by_text("weir gate repaired")).to_have_count(0)

    desk.click("#id_credits-ADD")
    desk.select_option("#id_credits-0-person", label="Una Umber")
    publish_menu.click()
    desk.click("button[name=action-publish]")
    desk.wait_for_url(re.compile("/desk/stories/$"))
    front.goto("/")
    front.get_by_role("link", name="Señor Müller: weir gate repaired before the flood").first.click()
    expect(front.get_by_role("heading", level=1)).to_have_text("Señor Müller: weir gate repaired before the flood")
    assert front.url.endswith("/senor-muller-weir-gate-repaired-before-the-flood/")
    expect(front.locator("article").first).to_contain_text("The gate closes again, the engineer said on Monday.")


def test_what_is_written_while_signed_out_is_kept_until_one_is_back(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.fill("#id_headline", "The ferry runs again from Monday")
    desk.context.clear_cookies(name="session")
    said = []
    desk.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    save = desk.locator("footer button[type=submit]:visible").first
    with desk.expect_event("dialog"):
        save.click()
    assert "signed out" in said[0]
    sign_in(desk.context.new_page(), "edna@example.org")
    save.click()
    desk.wait_for_url(re.compile("/desk/stories/edit/"))
    expect(desk.locator("#id_headline")).to_have_value("The ferry runs again from Monday")


def test_a_publication_that_something_keeps_back_leaves_nothing_in_the_form(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.fill("#id_headline", "The ferry stays in harbour")
    desk.evaluate("""() => document.querySelector("#w-editor-form").addEventListener("submit", (event) => {
        event.preventDefault();
        document.body.dataset.kept = "back";
    })""")
    desk.locator("footer button[data-w-dropdown-target=toggle]").last.click()
    desk.click("button[name=action-publish]")
    expect(desk.locator("body")).to_have_attribute("data-kept", "back")
    expect(desk.locator("#w-editor-form input[name=action-publish]")).to_have_count(0)


def test_a_refused_draft_saves_itself_once_it_is_mended(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.locator("footer button[type=submit]:visible").first.click()
    refusal = desk.get_by_text("The story could not be created")
    expect(refusal).to_be_visible()
    desk.evaluate("""() => new Promise((done, fail) => {
        document.addEventListener("w-unsaved:watch-edits", done);
        setTimeout(fail, 15000, new Error("nothing watches the form"));
    })""")
    expect(desk.get_by_text("Autosave is paused").locator("visible=true")).to_have_count(0)
    desk.fill("#id_headline", "The ferry is named after all")
    desk.wait_for_url(re.compile("/desk/stories/edit/"))
    expect(refusal).to_have_count(0)
    expect(desk.get_by_text("This field is required.")).to_have_count(0)


def test_what_is_typed_after_a_refused_publication_saves_itself(open_page, sign_in):
    desk = open_page()
    sign_in(desk, "edna@example.org")
    desk.goto("/desk/stories/add/")
    desk.fill("#id_headline", "The ferry is late")
    desk.locator("footer button[data-w-dropdown-target=toggle]").last.click()
    desk.click("button[name=action-publish]")
    refusal = desk.get_by_text("The story was not published.")
    expect(desk.get_by_text("Saved", exact=True)).to_be_visible()  # the draft itself lacks nothing
    with desk.expect_response(lambda answer: "/edit/" in answer.url and answer.request.method == "POST") as answer:
        desk.fill("#id_standfirst", "By an hour.")
    assert answer.value.json()["success"]
    expect(refusal).to_be_visible()


def test_a_comment_appears_in_a_second_browser_without_reload(open_page, sign_in):
    watching, writing = open_page(), open_page()
    watching.goto(STORY)
    sign_in(writing, "ruth@example.org")
    post_in_place(writing, "The north pier was rebuilt in 1961; my father poured the concrete.")
    expect(comment_with(writing, "my father poured the concrete")).to_be_visible()
    watching.get_by_role("button", name=re.compile("new comment")).click()
    expect(comment_with(watching, "my father poured the concrete")).to_be_visible()
    assert watching.faults == []


def test_a_report_reaches_the_queue_and_a_rejection_every_open_page(open_page, sign_in_by_form):
    author, watching, moderator = open_page(), open_page(), open_page()
    sign_in_by_form(author, "ned@example.org")
    post_in_place(author, "Cheap watches at my shop, come and see.")
    expect(comment_with(author, "Cheap watches")).to_be_visible()
    watching.goto(STORY)
    expect(comment_with(watching, "Cheap watches")).to_be_visible()
    receipt = report(open_page(), "Cheap watches")
    sign_in_by_form(moderator, "mona@example.org")
    reject(moderator, "Cheap watches")
    expect(watching.get_by_text("Cheap watches")).to_have_count(0)
    expect(watching.get_by_text(re.compile("removed by", re.IGNORECASE)).first).to_be_visible()
    somebody = open_page()
    somebody.goto(receipt)
    expect(somebody.locator("main")).to_contain_text(re.compile("removed", re.IGNORECASE))
    expect(somebody.get_by_text("Cheap watches")).to_have_count(0)


def test_the_same_journey_without_javascript(open_page, sign_in_by_form):
    author, reader, moderator = (open_page(javascript=False) for _ in range(3))
    sign_in_by_form(author, "ned@example.org")
    post_without_script(author, "Visit my other shop for cheap clocks.")
    reader.goto(STORY)
    expect(comment_with(reader, "cheap clocks")).to_be_visible()
    receipt = report(reader, "cheap clocks")
    sign_in_by_form(moderator, "mona@example.org")
    reject(moderator, "cheap clocks")
    reader.goto(STORY)
    expect(reader.get_by_text("cheap clocks")).to_have_count(0)
    expect(reader.get_by_text(re.compile("removed by", re.IGNORECASE)).first).to_be_visible()
    reader.goto(receipt)
    expect(reader.locator("main")).to_contain_text(re.compile("removed", re.IGNORECASE))


def test_a_reader_replies_edits_and_withdraws_without_javascript(open_page, sign_in):
    page = open_page(javascript=False)
    sign_in(page, "ruth@example.org")
    page.goto(STORY)
    comment_with(page, "What did the repair of 1998 cost?").get_by_role("link", name=re.compile("Reply")).last.click()
    page.get_by_role("textbox", name="Comment").fill("The town paid 212,000 dollars, says the 1998 report.")
    page.get_by_role("button", name="Post comment").click()
    page.goto("/me/comments/")
    page.get_by_role("link", name=re.compile("Edit")).first.click()
    page.get_by_role("textbox").last.fill("The town paid 221,000 dollars, says the 1998 report.")
    page.get_by_role("button", name=re.compile("Save|Change")).click()
    page.goto(STORY)
    expect(comment_with(page, "221,000 dollars")).to_contain_text("edited")
    page.goto("/me/comments/")
    page.get_by_role("link", name=re.compile("Withdraw")).first.click()
    page.get_by_role("button", name=re.compile("Withdraw")).click()
    page.goto(STORY)
    expect(page.get_by_text("221,000 dollars")).to_have_count(0)


def press_until(page, name, key="Tab", most=200):
    for _ in range(most):
        page.keyboard.press(key)
        label = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '')"
        )
        if name in label:
            return
    raise AssertionError(f"the keyboard never reached {name!r}")


def test_a_reader_signs_in_and_comments_by_keyboard_alone(open_page):
    page = open_page()
    page.goto(STORY)
    page.keyboard.press("Tab")
    assert "Skip" in page.evaluate("document.activeElement.innerText")
    press_until(page, "Write a comment")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/accounts/login/"))
    for _ in range(60):
        if page.evaluate("document.activeElement.type") == "email":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("ruth@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough pass phrase")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    expect(page.get_by_role("textbox", name="Comment")).to_be_visible()
    for _ in range(60):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Typed without a mouse.")
    press_until(page, "Post comment", most=10)
    page.keyboard.press("Enter")
    expect(comment_with(page, "Typed without a mouse.")).to_be_visible()


def test_a_moderator_decides_by_keyboard_alone(open_page, sign_in):
    author, moderator = open_page(), open_page()
    sign_in(author, "ned@example.org")
    post_in_place(author, "Buy followers here, by the thousand.")
    expect(comment_with(author, "Buy followers here")).to_be_visible()
    report(open_page(), "Buy followers here")
    sign_in(moderator, "mona@example.org")
    moderator.goto("/moderation/reported/")
    waiting = moderator.locator("[data-tab=reported] .desk-count")
    before = int(waiting.get_attribute("data-count"))
    press_until(moderator, "Keep", most=80)
    moderator.keyboard.press("Enter")
    moderator.wait_for_load_state()
    expect(moderator.locator("article", has_text="Buy followers here")).to_have_count(0)
    expect(waiting).to_have_attribute("data-count", str(before - 1))
    expect(waiting).to_contain_text(str(before - 1))


def test_a_closed_discussion_says_so_and_stays_readable(open_page):
    page = open_page(javascript=False)
    page.goto("/stories/3/fair/")
    expect(page.get_by_text("This discussion is now closed.")).to_be_visible()
    expect(page.get_by_role("link", name="Write a comment")).to_have_count(0)


def test_a_form_opened_before_the_close_and_sent_after_is_refused_and_keeps_the_words(open_page, sign_in, newsroom):
    page = open_page(javascript=False)
    sign_in(page, "ruth@example.org")
    page.goto("/stories/2/comments/new/")
    page.get_by_role("textbox", name="Comment").fill("Sundays suit shift workers.")
    newsroom.run(CLOCK.format(verb="close_thread"))
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Post comment").click()
    assert answered.value.status == 403
    expect(page.get_by_role("textbox")).to_have_value("Sundays suit shift workers.")
    newsroom.run(CLOCK.format(verb="reopen_thread"))
