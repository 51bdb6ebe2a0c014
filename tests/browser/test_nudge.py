"""A writer is asked once whether they mean it so, in a real browser, with and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_discussion import is_asked_for, look
from tests.browser.test_discussion import story as story
from tests.browser.test_journeys import comment_with
from tests.browser.test_standards import axe_findings
from tests.browser.test_writing import box, open_box, post

pytestmark = pytest.mark.browser

USE = """
from broadsheet.scores.models import Use

Use.objects.update_or_create(pk=1, defaults={{"nudges": {nudges}}})
"""
OUTCOMES = """
import json
from broadsheet.scores.models import Nudged

print(json.dumps(list(Nudged.objects.filter(story={story}).order_by("pk").values_list("outcome", flat=True))))
"""
RUDE = "The tram is late again. You are a stupid idiot and a disgusting moron, and everybody in the street says so."


@pytest.fixture
def asks(newsroom, open_page, sign_in, story):
    """The newsroom has turned nudges on, and its scorer has been read."""
    newsroom.run(USE.format(nudges=True))
    page = open_page(javascript=False)
    sign_in(page, "ned@example.org")
    page.goto(f"/stories/{story}/comments/new/")
    box(page).fill("The tram is late again, and it is raining.")
    post(page)
    expect(comment_with(page, "it is raining")).to_be_visible()
    yield
    newsroom.run(USE.format(nudges=False))


def question(page):
    return page.get_by_role("group", name="Not posted yet. Some readers may take these words as an attack.")


def test_in_place_the_question_is_focused_and_what_is_changed_is_posted(open_page, sign_in, story, asks, newsroom):
    page = open_page()
    sign_in(page, "ruth@example.org")
    look(page, story)
    is_asked_for(page)
    open_box(page)
    box(page).fill(RUDE)
    post(page)
    expect(question(page)).to_be_focused()
    expect(question(page).locator("mark").first).to_be_visible()
    expect(question(page).get_by_role("button")).to_be_in_viewport(ratio=1)
    expect(box(page)).to_have_value(RUDE)
    assert axe_findings(page) == []
    question(page).get_by_role("link", name="Change the words").press("Enter")
    expect(box(page)).to_be_focused()
    box(page).fill("The tram is late again.")
    post(page)
    expect(comment_with(page, "The tram is late again.").first).to_be_visible()
    expect(question(page)).to_have_count(0)
    assert newsroom.run(OUTCOMES.format(story=story)) == ["changed"]
    assert [fault for fault in page.faults if "409" not in fault] == []


def test_without_a_script_the_form_comes_back_with_the_question(open_page, sign_in, story, asks, newsroom):
    page = open_page(javascript=False, width=320)
    sign_in(page, "ruth@example.org")
    page.goto(f"/stories/{story}/comments/new/")
    box(page).fill(RUDE)
    post(page)
    expect(question(page)).to_be_focused()
    expect(box(page)).to_have_value(RUDE)
    question(page).get_by_role("button", name="Post it as it is").click()
    expect(comment_with(page, RUDE)).to_be_visible()
    assert newsroom.run(OUTCOMES.format(story=story)) == ["as it was"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_that_page_and_it_fits_a_phone(open_page, sign_in, story, asks, scheme):
    page = open_page(width=320, color_scheme=scheme)
    page.route("**/discussion/*.js", lambda route: route.abort())  # axe is a script, and needs them on
    sign_in(page, "ruth@example.org")
    page.goto(f"/stories/{story}/comments/new/")
    box(page).fill(RUDE)
    post(page)
    expect(question(page)).to_be_focused()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
