"""Coming in with a real browser: an address proved, a passkey made and shown, a second factor."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from broadsheet.accounts.tests.ways import app_code
from tests.browser.test_standards import axe_findings

pytestmark = pytest.mark.browser
STORY = "/stories/1/bridge/"


def mailed_code(newsroom, address):
    """The code in the last mail to that address; without a mail server it is in the log."""
    mails = newsroom.log.read_text().split("Content-Type: text/plain")
    last = [mail for mail in mails if f"To: {address}" in mail][-1]
    return re.search(r"^[B-Z]{4}-[B-Z]{4}$", last, re.MULTILINE)[0]


@pytest.fixture
def by_name(newsroom):
    """The newsroom under a name: passkeys belong to one, and browsers know none for an address."""
    return f"http://localhost:{newsroom.port}"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without"])
def test_who_signs_up_on_the_way_to_a_comment_arrives_there(open_page, newsroom, javascript):
    who = f"w{int(javascript)}@example.org"
    page = open_page(javascript=javascript)
    page.goto("/stories/1/comments/new/")
    page.wait_for_url(re.compile("/accounts/login/"))
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("E-mail address").fill(who)
    page.get_by_label("Display name").fill(f"Wim Waters {'Q' if javascript else 'Z'}")
    page.get_by_label("Password", exact=True).fill("four words for water")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_label("Code").fill(mailed_code(newsroom, who))
    page.get_by_role("button", name="That is my address").click()
    page.wait_for_url(re.compile("/stories/1/comments/new/"))
    expect(page.get_by_role("textbox", name="Comment")).to_be_visible()
    assert not [fault for fault in page.faults if "404" not in fault]


def test_a_password_is_shown_and_hidden_again(open_page):
    page = open_page()
    page.goto("/accounts/login/")
    field = page.locator("#id_password")
    field.fill("four words for water")
    page.get_by_role("button", name="Show what I type").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide what I type").click()
    expect(field).to_have_attribute("type", "password")


def test_passkeys_are_not_offered_where_the_browser_knows_none(open_page, newsroom):
    for javascript in (True, False):
        page = open_page(javascript=javascript)
        page.add_init_script("delete window.PublicKeyCredential")
        page.goto("/accounts/login/")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def with_authenticator(page):
    """A device that keeps passkeys and always knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_moderator_makes_a_passkey_and_signs_in_with_it_alone(open_page, newsroom, by_name):
    newsroom.run(
        "from broadsheet.accounts.models import Reader;"
        "Reader.objects.create_user('paula@example.org', 'Paula Poole', 'a long enough pass phrase');print('null')"
    )
    page = open_page()
    session, device = with_authenticator(page)
    page.goto(f"{by_name}/accounts/login/")
    page.get_by_label("E-mail address").fill("paula@example.org")
    page.get_by_label("Password", exact=True).fill("a long enough pass phrase")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(by_name + "/")
    page.goto(f"{by_name}/accounts/second-factor/passkeys/new/")
    page.get_by_label("Password", exact=True).fill("a long enough pass phrase")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("My laptop")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert len(page.locator(".codes li").all()) == 10
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.goto(f"{by_name}/accounts/methods/")
    expect(page.get_by_text("My laptop", exact=True).first).to_be_visible()
    page.goto(f"{by_name}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{by_name}/accounts/login/?next=/accounts/methods/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{by_name}/accounts/methods/")
    expect(page.get_by_text("Paula Poole")).to_be_visible()
    page.goto(f"{by_name}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{by_name}/accounts/login/")  # and as the second factor besides the password
    page.get_by_label("E-mail address").fill("paula@example.org")
    page.get_by_label("Password", exact=True).fill("a long enough pass phrase")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/second-factor/sign-in/"))
    assert axe_findings(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(by_name + "/")
    assert not [fault for fault in page.faults if "404" not in fault]


def test_a_passkey_that_is_not_shown_is_a_sentence(open_page, by_name):
    page = open_page()
    session, device = with_authenticator(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{by_name}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("did not work")


def test_an_app_is_set_up_and_asked_for_without_javascript(open_page, newsroom, sign_in_by_form):
    newsroom.run(
        "from broadsheet.accounts.models import Reader;"
        "Reader.objects.create_user('tess@example.org', 'Tess Till', 'a long enough pass phrase');print('null')"
    )
    page = open_page(javascript=False)
    sign_in_by_form(page, "tess@example.org")
    page.goto("/accounts/second-factor/app/")
    page.get_by_label("Password").fill("a long enough pass phrase")
    page.get_by_role("button", name="Go on").click()
    secret = page.locator(".key").inner_text()
    page.get_by_label("Code").fill(app_code(secret))
    page.get_by_role("button", name="Set it up").click()
    recovery = page.locator(".codes code").first.inner_text()
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    sign_in_by_form(page, "tess@example.org")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/accounts/methods/")
    expect(page.get_by_text("Tess Till")).to_be_visible()
