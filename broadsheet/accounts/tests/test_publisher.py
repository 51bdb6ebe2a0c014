"""Signing in by a publisher's word: from the button to the account, and every way it must not go."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from broadsheet.accounts.models import NameChange, PublisherIdentity, Reader, UsedToken
from broadsheet.accounts.personal import profile
from broadsheet.accounts.publisher import actions
from broadsheet.accounts.publisher.keys import read_publishers
from broadsheet.accounts.publisher.tokens import BadToken, read_token
from broadsheet.accounts.tests import publishers as made
from broadsheet.accounts.tests.publishers import NEWS, OTHER, SITE, token
from broadsheet.core import clock

pytestmark = pytest.mark.django_db
FINISH = "/accounts/publisher/finish/"


@pytest.fixture(autouse=True)
def publishers(settings, tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(made.facts()))
    settings.PUBLISHERS = read_publishers(file)
    settings.SITE_URL = SITE


def begin(client, slug="news", onward="/"):
    """Press the button; the nonce that went to the publisher."""
    answer = client.post(f"/accounts/publisher/{slug}/", {"next": onward})
    assert answer.status_code == 200
    return answer.content.decode().split("nonce=")[1].split('"')[0]


def finish(client, text, **headers):
    return client.post(FINISH, {"token": text}, **headers)


def sign_in(client, onward="/", kid="news-ed", **claims):
    return finish(client, token(kid, nonce=begin(client, onward=onward), **claims))


def who(client):
    pk = client.session.get("_auth_user_id")
    return Reader.objects.get(pk=pk) if pk else None


def refused(answer):
    return answer.status_code == 403 and b"could not be used" in answer.content


# --- The way there and back -------------------------------------------------------------------------------------------


def test_a_stranger_gets_an_account_under_the_name_the_publisher_knows(client):
    answer = sign_in(client, onward="/about/", name="Olive Oak", email="Olive@Example.org", email_verified=True)
    assert (answer.status_code, answer.url) == (302, "/about/")
    reader = who(client)
    assert (reader.name, reader.email) == ("Olive Oak", "olive@example.org")
    assert not (reader.is_staff or reader.is_superuser or reader.has_usable_password() or reader.groups.exists())
    assert EmailAddress.objects.get(user=reader).verified
    identity = reader.publisher_identities.get()
    assert (identity.issuer, identity.subject) == (NEWS, "reader-7")


def test_the_same_subject_finds_the_same_account_and_another_issuer_s_does_not(client):
    sign_in(client, name="Olive Oak")
    first = who(client)
    other = Client()
    sign_in(other)
    assert who(other) == first
    third = Client()
    answer = finish(third, token("other-ed", iss=OTHER, name="Peter Pike", nonce=begin(third, "other")))
    assert answer.status_code == 302 and who(third).name == "Peter Pike"


def test_the_button_stands_on_the_sign_in_page_and_leads_to_the_publisher_with_a_nonce(client):
    page = client.get("/accounts/publisher/news/?next=/about/").content.decode()
    assert "Go to The News" in page
    page = client.post("/accounts/publisher/other/").content.decode()
    assert 'http-equiv="refresh" content="0; url=https://other.example/in?from=broadsheet&amp;nonce=' in page


@pytest.mark.any_database
def test_the_publisher_s_post_comes_without_cookies_and_is_handed_on(client):
    """What a browser does: no cookie of ours with a form from another site; then a form of our own, with them."""
    nonce = begin(client)
    stranger = Client(enforce_csrf_checks=True, HTTP_SEC_FETCH_SITE="cross-site")
    text = token(nonce=nonce, name="Olive Oak")
    page = stranger.post("/accounts/publisher/return/", {"token": text}, HTTP_ORIGIN="https://news.example")
    assert page.status_code == 200 and f'value="{text}"' in page.content.decode()
    assert not page.cookies, "no cookie is set or changed by what another site sent"
    assert page["Cache-Control"] == "private, no-store"
    assert not UsedToken.objects.exists() and not Reader.objects.filter(name="Olive Oak").exists()
    assert finish(client, text, HTTP_SEC_FETCH_SITE="same-origin").status_code == 302
    assert who(client).name == "Olive Oak"


@pytest.mark.parametrize("address", [FINISH, "/accounts/publisher/news/", "/accounts/publisher/name/"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_step_is_taken_from_another_site(client, address, site):
    answer = client.post(address, {"token": token()}, HTTP_SEC_FETCH_SITE=site)
    assert answer.status_code == 403 and b"sent from another site" in answer.content


def test_a_token_in_an_address_is_not_read(client):
    nonce = begin(client)
    for address in (FINISH, "/accounts/publisher/return/"):
        answer = client.get(address, {"token": token(nonce=nonce)})
        assert answer.status_code == 302 and answer.url == "/accounts/login/"
    assert who(client) is None


def test_a_long_or_missing_token_is_not_handed_on(client):
    assert client.post("/accounts/publisher/return/", {"token": "x" * 9000}).status_code == 302
    assert client.post("/accounts/publisher/return/").status_code == 302
    assert refused(client.post(FINISH))


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_only_to_pages_of_ours(client, onward):
    assert sign_in(client, onward=onward, name="Olive Oak").url == "/"


# --- Whose sign-in it is ----------------------------------------------------------------------------------------------


def test_nobody_is_signed_in_by_a_token_that_somebody_else_s_browser_asked_for(client):
    """Sign-in by a stranger's form: the attacker's own token, good in every way, posted from the victim's browser."""
    attacker = Client()
    text = token(nonce=begin(attacker), name="Ada Attack")
    assert refused(finish(client, text))
    begin(client)
    assert refused(finish(client, text))
    assert who(client) is None
    assert finish(attacker, text).status_code == 302, "and it is still good where it belongs"


def test_a_token_without_our_nonce_is_refused(client):
    begin(client)
    assert refused(finish(client, token()))
    assert refused(finish(client, token(nonce="")))
    assert refused(finish(client, token(nonce="of their own")))


def test_a_nonce_is_good_for_the_publisher_it_was_made_for(client):
    assert refused(finish(client, token("other-ed", iss=OTHER, nonce=begin(client, "news"))))


def test_a_nonce_is_good_once_and_for_an_hour(client):
    nonce = begin(client)
    assert finish(client, token(nonce=nonce, name="Olive Oak")).status_code == 302
    assert refused(finish(client, token(nonce=nonce)))
    late = Client()
    nonce = begin(late)
    session = late.session
    session["publisher_begun"] = {nonce: {"slug": "news", "next": "/", "at": time.time() - 3601}}
    session.save()
    assert refused(finish(late, token(nonce=nonce)))


def test_several_tabs_can_sign_in_and_no_more_than_five_are_kept(client):
    nonces = [begin(client) for _ in range(6)]
    assert list(client.session["publisher_begun"]) == nonces[1:]
    assert finish(client, token(nonce=nonces[2], name="Olive Oak")).status_code == 302


def test_the_session_is_another_one_after_signing_in(client):
    begin(client)
    before = client.session.session_key
    sign_in(client, name="Olive Oak")
    assert client.session.session_key != before


def test_nothing_of_somebody_else_s_session_is_left_when_another_signs_in(client, reader):
    client.force_login(reader)
    sign_in_other = Client()
    sign_in(sign_in_other, name="Olive Oak")
    session = client.session
    session["draft"] = {"path": "/x/", "typed": "Ruth's words"}
    session.save()
    sign_in(client)
    assert who(client).name == "Olive Oak" and "draft" not in client.session


def test_a_token_is_good_once(client):
    text = token(nonce=begin(client), name="Olive Oak")
    assert finish(client, text).status_code == 302
    again = Client()
    session = again.session
    session["publisher_begun"] = dict(client.session.get("publisher_begun", {}))
    session.save()
    assert refused(finish(again, text))


def test_a_replayed_token_is_refused_even_where_its_nonce_stands(client):
    nonce = begin(client)
    told = read_token(token(nonce=nonce), actions.known_publishers(), SITE, clock.now())
    actions.use(told)
    with pytest.raises(BadToken, match="used before"):
        actions.use(told)
    assert UsedToken.objects.get().expires_at > told.told_at


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_used():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer; the key that decides is the same")
    told = read_token(token(), actions.known_publishers(), SITE, clock.now())

    def use(_):
        try:
            actions.use(told)
            return "used"
        except BadToken:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(8))) == ["refused"] * 7 + ["used"]


@pytest.mark.django_db(transaction=True)
def test_of_two_first_sign_ins_at_once_one_account_comes():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer; the key that decides is the same")
    told = read_token(token(name="Olive Oak"), actions.known_publishers(), SITE, clock.now())

    def make(_):
        try:
            return actions.make_account(told=told, name="Olive Oak").pk
        except Exception as fault:
            return type(fault).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        results = set(pool.map(make, range(4)))
    assert Reader.objects.filter(publisher_identities__isnull=False).count() == 1
    assert len([result for result in results if isinstance(result, int)]) == 1


def test_the_reader_hears_one_sentence_and_the_log_the_reason(client, caplog):
    answer = finish(client, token("news-old"))
    assert refused(answer) and b"retired" not in answer.content
    assert "the key 'news-old' is retired since 2020-01-01" in caplog.text
    caplog.clear()
    finish(client, token(kid="news-hmac", aud="https://x.example/\nforged line"))
    assert "forged line" in caplog.text and "\nforged" not in caplog.text.split("refused: ")[1][:-1]


# --- Names and addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Ruth Reader", "Rutн Rеаdеr", "Moderator", "", "x" * 60, "<b>Bold</b>"])
def test_a_name_that_cannot_be_had_is_asked_for_after_signing_in(client, reader, name):
    answer = sign_in(client, onward="/about/", name=name)
    assert answer.url == "/accounts/publisher/name/" and who(client) is None
    page = client.get(answer.url)
    assert page.status_code == 200 and b"<b>Bold" not in page.content
    answer = client.post("/accounts/publisher/name/", {"name": "ruth reader"})
    assert answer.status_code == 422 and b"taken" in answer.content
    answer = client.post("/accounts/publisher/name/", {"name": "Olive Oak"})
    assert (answer.status_code, answer.url) == (302, "/about/")
    assert who(client).name == "Olive Oak" and who(client).publisher_identities.get().name == name.strip()


def test_the_page_of_names_is_nobody_s_without_a_sign_in(client):
    assert client.get("/accounts/publisher/name/").url == "/accounts/login/"
    assert client.post("/accounts/publisher/name/", {"name": "Olive Oak"}).url == "/accounts/login/"
    assert client.get("/accounts/publisher/connect/").url == "/accounts/login/"
    assert not Reader.objects.filter(name="Olive Oak").exists()


def test_the_choice_of_a_name_ends_after_a_quarter_of_an_hour(client, reader):
    sign_in(client, name="Ruth Reader")
    session = client.session
    session["publisher_pending"] = {**session["publisher_pending"], "at": time.time() - 901}
    session.save()
    assert client.post("/accounts/publisher/name/", {"name": "Olive Oak"}).url == "/accounts/login/"
    assert not PublisherIdentity.objects.exists()


def test_an_address_that_is_somebody_s_opens_no_account_of_theirs(client, reader):
    answer = sign_in(client, name="Olive Oak", email="RUTH@example.org", email_verified=True)
    assert answer.url == "/accounts/publisher/connect/"
    assert who(client) is None and not PublisherIdentity.objects.exists()
    page = client.get(answer.url)
    assert b"There is an account here with the e-mail address" in page.content
    assert b"/accounts/login/?next=%2Faccounts%2Fpublisher%2Fconnect%2F" in page.content
    client.post("/accounts/publisher/connect/")
    assert not PublisherIdentity.objects.exists(), "signed out, nothing can be connected"


def test_its_owner_signs_in_and_connects_the_two(client, reader):
    sign_in(client, onward="/about/", name="Olive Oak", email="ruth@example.org", email_verified=True)
    phrase = "a long enough pass phrase"
    form = {"login": "ruth@example.org", "password": phrase, "next": "/accounts/publisher/connect/"}
    assert client.post("/accounts/login/", form).url == "/accounts/publisher/connect/"
    page = client.get("/accounts/publisher/connect/")
    assert b"Shall The News sign you in to this account" in page.content
    assert not PublisherIdentity.objects.exists(), "reading the page connects nothing"
    assert client.post("/accounts/publisher/connect/").url == "/about/"
    assert reader.publisher_identities.get().subject == "reader-7"
    elsewhere = Client()
    sign_in(elsewhere)
    assert who(elsewhere) == reader
    reader.refresh_from_db()
    assert reader.name == "Ruth Reader", "the account keeps its own name"


def test_somebody_signed_in_connects_only_after_proving_who_they_are(client, reader):
    client.force_login(reader)
    answer = sign_in(client, name="Olive Oak")
    assert answer.url == "/accounts/publisher/connect/"
    assert client.post("/accounts/publisher/connect/").url.startswith("/accounts/reauthenticate/")
    assert not PublisherIdentity.objects.exists()


def test_an_address_that_the_publisher_has_not_verified_is_not_taken(client, reader):
    sign_in(client, name="Olive Oak", email="ruth@example.org")
    assert who(client).email.endswith("@publisher.invalid")
    assert not EmailAddress.objects.filter(user=who(client)).exists()


@pytest.mark.parametrize("email", ["nonsense", "a@b", "x@publisher.invalid", "a b@example.org", ""])
def test_what_is_no_address_is_left_out(client, email):
    sign_in(client, name="Olive Oak", email=email, email_verified=True)
    assert who(client).email.endswith("@publisher.invalid")


@pytest.mark.parametrize("page", ["/accounts/methods/", "/accounts/email/", "/me/notifications/settings/"])
def test_the_address_that_stands_for_none_is_shown_on_no_page(client, page):
    sign_in(client, name="Olive Oak", email="", email_verified=True)
    text = client.get(page).content.decode()
    assert ".invalid" not in text
    assert "We know no e-mail address of yours." in text or page == "/accounts/email/"
    assert "<h2>Other accounts</h2>" in text or page != "/accounts/methods/"
    assert next(iter(profile(who(client))[1]))["email"] == ""


# --- What later tokens change -----------------------------------------------------------------------------------------


def told(**claims):
    return read_token(token(**claims), actions.known_publishers(), SITE, clock.now())


def test_a_newer_token_updates_name_and_address_and_an_older_one_nothing(client):
    now = int(time.time())
    first = told(iat=now - 20, name="Olive Oak", email="olive@example.org", email_verified=True)
    reader = actions.make_account(told=first, name="Olive Oak")
    identity = reader.publisher_identities.get()
    newer = told(iat=now - 10, name="Olive Ash", email="ash@example.org", email_verified=True)
    actions.update(identity=identity, told=newer)
    reader.refresh_from_db()
    assert (reader.name, reader.email) == ("Olive Ash", "ash@example.org")
    assert NameChange.objects.get(reader=reader).before == "Olive Oak"
    older = told(iat=now - 15, name="Olive Elm", email="elm@example.org", email_verified=True, roles=["moderator"])
    actions.update(identity=identity, told=older)
    actions.update(identity=identity, told=told(iat=now - 10, name="Olive Elm"))
    reader.refresh_from_db()
    assert (reader.name, reader.email) == ("Olive Ash", "ash@example.org") and not reader.groups.exists()


def test_a_name_is_not_changed_oftener_than_anybody_s_and_its_taking_keeps_nobody_out(client, reader):
    now = int(time.time())
    olive = actions.make_account(told=told(iat=now - 20, name="Olive Oak"), name="Olive Oak")
    identity = olive.publisher_identities.get()
    actions.update(identity=identity, told=told(iat=now - 15, name="Ruth Reader"))
    olive.refresh_from_db()
    assert olive.name == "Olive Oak"
    actions.update(identity=identity, told=told(iat=now - 12, name="Olive Ash"))
    actions.update(identity=identity, told=told(iat=now - 10, name="Olive Elm"))
    olive.refresh_from_db()
    assert olive.name == "Olive Ash", "the second change of the fortnight waits"


def test_an_account_with_a_password_keeps_its_address(reader):
    first = told(iat=int(time.time()) - 20)
    identity = actions.connect(reader=reader, told=first)
    actions.update(identity=identity, told=told(email="new@example.org", email_verified=True))
    reader.refresh_from_db()
    assert reader.email == "ruth@example.org"


def test_an_address_of_somebody_else_is_not_taken_later_either(reader):
    olive = actions.make_account(told=told(iat=int(time.time()) - 20), name="Olive Oak")
    update = told(email="ruth@example.org", email_verified=True)
    actions.update(identity=olive.publisher_identities.get(), told=update)
    olive.refresh_from_db()
    assert olive.email.endswith("@publisher.invalid")


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_a_mapped_role_is_given_and_taken_with_the_claim(client):
    now = int(time.time())
    olive = actions.make_account(told=told(iat=now - 30, roles=["moderator"]), name="Olive Oak")
    assert olive.is_moderator and not (olive.is_staff or olive.is_superuser)
    identity = olive.publisher_identities.get()
    actions.update(identity=identity, told=told(iat=now - 20, roles=["moderator"]))
    assert Reader.objects.get(pk=olive.pk).is_moderator
    actions.update(identity=identity, told=told(iat=now - 10))
    assert not Reader.objects.get(pk=olive.pk).is_moderator


def test_a_role_that_a_person_gave_is_not_taken_by_a_token():
    now = int(time.time())
    olive = actions.make_account(told=told(iat=now - 30), name="Olive Oak")
    olive.groups.add(Group.objects.get(name="Moderators"))
    identity = olive.publisher_identities.get()
    actions.update(identity=identity, told=told(iat=now - 20, roles=["moderator"]))
    actions.update(identity=identity, told=told(iat=now - 10))
    assert Reader.objects.get(pk=olive.pk).is_moderator


def test_no_token_gives_a_group_that_may_change_accounts(caplog):
    olive = actions.make_account(told=told(roles=["boss", "ghost", "admin", "staff"]), name="Olive Oak")
    assert not olive.groups.exists() and not olive.is_staff and not olive.is_superuser
    assert "the group 'Administrators'" in caplog.text and "the group 'Nobody'" in caplog.text


@pytest.mark.parametrize("claim", ["staff", "is_staff", "is_superuser", "admin", "role", "groups", "permissions"])
def test_claims_of_privilege_give_none(client, claim):
    sign_in(client, name="Olive Oak", **{claim: ["moderator", "Administrators", True]})
    reader = who(client)
    assert not (reader.is_staff or reader.is_superuser or reader.is_moderator or reader.groups.exists())
    assert client.get("/moderation/").status_code in {302, 403}


def test_expertise_is_kept_and_left_alone_by_silence():
    now = int(time.time())
    olive = actions.make_account(told=told(iat=now - 20, expertise="Hydrology"), name="Olive Oak")
    assert olive.expertise == "Hydrology"
    actions.update(identity=olive.publisher_identities.get(), told=told(iat=now - 10))
    assert Reader.objects.get(pk=olive.pk).expertise == "Hydrology"


# --- In and out -------------------------------------------------------------------------------------------------------


def test_a_closed_account_stays_closed(client):
    sign_in(client, name="Olive Oak")
    Reader.objects.filter(name="Olive Oak").update(is_active=False)
    again = Client()
    answer = sign_in(again)
    assert answer.url == reverse("account_inactive") and who(again) is None


def test_signing_out_leads_to_the_publisher_s_own_sign_out(client, reader):
    sign_in(client, name="Olive Oak")
    answer = client.post("/accounts/logout/")
    assert answer.url == "/accounts/publisher/news/signed-out/"
    assert b'href="https://news.example/sign-out"' in client.get(answer.url).content
    assert who(client) is None
    other = Client()
    other.force_login(reader)
    assert other.post("/accounts/logout/").url == "/"


def test_whom_only_a_publisher_signs_in_proves_it_there_again_before_what_matters(client):
    sign_in(client, name="Olive Oak")
    olive = who(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "publisher", "at": time.time() - 3600}]
    session.save()
    assert client.get("/me/delete/").url == "/accounts/publisher/news/?next=%2Fme%2Fdelete%2F"
    before = client.session.session_key
    assert sign_in(client, onward="/me/delete/").url == "/me/delete/"
    assert who(client) == olive and client.session.session_key != before
    assert client.get("/me/delete/").status_code == 200


def test_disconnecting_needs_another_way_in_and_takes_what_was_given(client, reader):
    sign_in(client, name="Olive Oak")
    assert client.get("/accounts/publisher/news/disconnect/").status_code == 200
    assert client.post("/accounts/publisher/news/disconnect/").status_code == 403
    olive = who(client)
    olive.set_password("a long enough pass phrase")
    olive.save()
    olive.groups.add(Group.objects.get(name="Moderators"))
    PublisherIdentity.objects.update(groups=["Moderators"])
    actions.disconnect(reader=olive, identity=olive.publisher_identities.get())
    assert not olive.groups.exists() and not PublisherIdentity.objects.exists()


def test_nobody_disconnects_somebody_else_s_sign_in(client, reader):
    sign_in(client, name="Olive Oak")
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "ruth@example.org", "password": "a long enough pass phrase"})
    stranger.post("/accounts/publisher/news/disconnect/")
    assert PublisherIdentity.objects.count() == 1
    assert Client().post("/accounts/publisher/news/disconnect/").status_code == 302


def test_there_are_no_pages_of_publishers_we_do_not_know(client, settings):
    for path in ("nobody/", "nobody/signed-out/"):
        assert client.get(f"/accounts/publisher/{path}").status_code == 404
    settings.PUBLISHERS = ()
    assert client.get("/accounts/publisher/news/").status_code == 404
    assert refused(client.post(FINISH, {"token": token()}))


def test_the_command_says_what_a_token_would_do_and_does_nothing(capsys, client):
    call_command("sso", token(name="Olive Oak", roles=["moderator"], nonce="n"))
    said = capsys.readouterr().out
    assert "Good." in said and "makes an account" in said and "groups: Moderators" in said
    assert not UsedToken.objects.exists() and not PublisherIdentity.objects.exists()
    call_command("sso")
    said = capsys.readouterr().out
    assert "key news-old: EdDSA, retired since 2020-01-01" in said and made.SECRET not in said
    with pytest.raises(CommandError, match=r"Refused: its alg is 'RS256'"):
        call_command("sso", token("news-ed", sign=made.RSA, alg="RS256"))


def test_used_tokens_are_forgotten_when_no_clock_would_take_them_any_more():
    from broadsheet.accounts.clocks import used_tokens

    told_now = told()
    actions.use(told_now)
    assert used_tokens(datetime.now(UTC))[0] == 0
    assert used_tokens(told_now.expires_at)[0] == 1 and not UsedToken.objects.exists()
