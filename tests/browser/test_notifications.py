"""Notifications as readers meet them: without JavaScript, and as a browser shows them when it is woken."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from broadsheet.notifications import push_views
from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser

ANSWER = """
from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import post_comment
from broadsheet.discussion.models import Comment
mine = Comment.objects.select_related("thread__story").get(pk=1)
ned = Reader.objects.get(email="ned@example.org")
print(post_comment(author=ned, thread=mine.thread, body="{}", parent=mine).pk)
"""
UNREAD = """
from broadsheet.accounts.models import Reader
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.stories.models import Story
edna, ned = (Reader.objects.get(email=f"{name}@example.org") for name in ("edna", "ned"))
fair = thread_for(Story.objects.get(slug="library"))
post_comment(author=ned, thread=fair, body="Till when?", parent=post_comment(author=edna, thread=fair, body="At last."))
"""


def test_an_answer_is_read_and_taken_as_read_without_javascript(newsroom, open_page, sign_in):
    reply = newsroom.run(ANSWER.format("So did I, an hour later."))
    page = open_page(javascript=False, width=390)
    sign_in(page, "ruth@example.org")
    page.goto("/me/notifications/")
    first = page.get_by_role("listitem").filter(has_text="replied to your comment").first
    expect(first).to_contain_text("So did I, an hour later.")
    expect(first.get_by_role("button", name="Mark as read")).to_be_visible()
    first.get_by_role("link").click()
    expect(page).to_have_url(f"{newsroom.url}/comments/1/#comment-{reply}")
    page.goto("/me/notifications/")
    expect(first.get_by_role("button", name="Mark as read")).to_have_count(0)
    page.goto("/me/notifications/settings/")
    page.get_by_role("group", name="Replies to your comments").get_by_label("Never").check()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_role("status")).to_contain_text("Your choices are kept.")
    expect(page.get_by_role("group", name="Replies to your comments").get_by_label("Never")).to_be_checked()


def test_the_number_of_what_is_unread_is_whole_on_a_phone_moves_nothing_and_leads_there(newsroom, open_page, sign_in):
    newsroom.run(UNREAD)
    page = open_page(width=390)
    sign_in(page, "edna@example.org")
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) "
        "window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto("/stories/2/library/")
    unread = page.get_by_role("link", name="1 unread notice")
    expect(unread).to_be_in_viewport(ratio=1)
    box = unread.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    assert page.evaluate("window.shift") < 0.02
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe_findings(page) == []
    unread.click()
    expect(page).to_have_url(f"{newsroom.url}/me/notifications/")


def test_a_browser_that_is_woken_asks_us_and_shows_what_there_is(newsroom, open_page, sign_in):
    """The push service is the browser maker's; here the browser is woken by hand."""
    page = open_page()
    page.context.grant_permissions(["notifications"], origin=newsroom.url)
    sign_in(page, "ruth@example.org")
    page.goto("/me/notifications/settings/")
    newsroom.run(
        "from broadsheet.notifications.actions import choose\n"
        "from broadsheet.accounts.models import Reader\n"
        "choose(reader=Reader.objects.get(email='ruth@example.org'), choices=[('reply', 'now')])\nprint(1)"
    )
    newsroom.run(ANSWER.format("And again in the evening."))
    page.get_by_role("button", name="Show notifications in this browser").click()
    registration = {}
    devtools = page.context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: registration.update({each["scopeURL"]: each["registrationId"] for each in said["registrations"]}),
    )
    devtools.send("ServiceWorker.enable")
    scope = f"{newsroom.url}/me/"
    for _ in range(100):
        if scope in registration:
            break
        page.wait_for_timeout(50)
    assert scope in registration, "the script is kept, Trusted Types or not"
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    push = {"origin": newsroom.url, "registrationId": registration[scope], "data": ""}
    devtools.send("ServiceWorker.deliverPushMessage", push)
    # A machine that does much else besides may need seconds to start the script.
    for _ in range(1_200):
        shown = page.evaluate(
            "navigator.serviceWorker.ready.then((kept) => kept.getNotifications())"
            ".then((all) => all.map((one) => [one.title, one.body, one.data]))"
        )
        if shown:
            break
        page.wait_for_timeout(50)
    ((title, body, address),) = shown
    assert title == "The Test Courier"
    assert body.startswith("Ned Newcomer replied to your comment on") or "new replies" in body
    page.goto(address)
    assert "/comments/" in page.url


def test_a_browser_that_cannot_ask_us_at_first_asks_again(open_page):
    """As when a machine wakes up and its network does not yet."""
    page = open_page()
    page.goto("about:blank")
    asked = page.evaluate(
        """async script => {
            const heard = {}, shown = [];
            let asked = 0;
            const self = {
                addEventListener: (kind, done) => { heard[kind] = done; },
                registration: { showNotification: async (title) => shown.push(title) },
            };
            const fetch = async () => {
                asked += 1;
                if (asked === 1) throw new TypeError("Failed to fetch");
                return { ok: true, json: async () => ({ title: "The Test Courier", reader: 1 }) };
            };
            Function("self", "fetch", script)(self, fetch);
            await new Promise((done) => heard.push({ waitUntil: (shows) => done(shows) }));
            return [asked, shown];
        }""",
        push_views.WORKER.read_text(),
    )
    assert asked == [2, ["The Test Courier"]]
