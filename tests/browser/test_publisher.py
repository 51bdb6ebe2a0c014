"""Signing in by a publisher, there and back across two sites, with a browser's own rules about cookies."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from broadsheet.accounts.tests.publishers import token

pytestmark = pytest.mark.browser
FORM = """<!DOCTYPE html><title>The News</title>
<form method="post" action="{}/accounts/publisher/return/">
<input type="hidden" name="token" value="{}"><button>Back</button></form>
<script>if ({}) document.forms[0].submit()</script>"""


def be_the_publisher(page, newsroom, *, at_once, **claims):
    """Answers at https://news.example as the publisher's sign-in page does."""

    def answer(route, request):
        nonce = parse_qs(urlsplit(request.url).query).get("nonce", [""])[0]
        made = token(aud=newsroom.url, nonce=nonce, **claims)
        route.fulfill(content_type="text/html", body=FORM.format(newsroom.url, made, "true" if at_once else "false"))

    page.route("https://news.example/**", answer)


def test_a_reader_signs_in_with_a_publisher_and_lands_where_they_were_going(open_page, newsroom):
    page = open_page()
    be_the_publisher(page, newsroom, at_once=True, sub="b-1", name="Vera Vale")
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="Sign in with The News").click()
    page.wait_for_url("**/me/")
    assert page.locator("main bdi").first.inner_text() == "Vera Vale"
    assert page.faults == []


def test_without_javascript_it_takes_two_clicks_more(open_page, newsroom):
    page = open_page(javascript=False, width=390)
    be_the_publisher(page, newsroom, at_once=False, sub="b-2", name="Wanda Wren")
    page.goto("/accounts/publisher/news/?next=/me/")
    page.get_by_role("button", name="Go to The News").click()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/me/")


def test_a_token_that_another_browser_asked_for_signs_nobody_in(open_page, newsroom):
    """A page of the publisher's, or an attacker's, posts a good token from a browser that asked for none."""
    page = open_page()
    be_the_publisher(page, newsroom, at_once=True, sub="b-3", name="Ada Attack")
    page.goto("https://news.example/comments/sign-in?nonce=of-the-attacker")
    page.get_by_role("heading", name="You are not signed in").wait_for()
    page.goto("/me/")
    assert "/accounts/login/" in page.url
