"""What the edge answers itself, what it leaves to Django, and with which bytes."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from broadsheet.delivery.edge import Edge
from broadsheet.delivery.freshness import Freshness
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests import site
from broadsheet.delivery.tests.conftest import ask

pytestmark = pytest.mark.django_db


def test_a_public_page_is_rendered_once_and_then_answered_by_the_edge(edge):
    first, second = ask(edge, "/page/"), ask(edge, "/page/")
    assert first.body == second.body
    assert first.headers == second.headers
    assert site.made["page"] == 1


def test_the_kept_page_carries_every_header_that_django_gave_it_and_no_cookie(edge):
    ask(edge, "/page/")
    headers = ask(edge, "/page/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert headers["Cache-Tag"] == "story:1,fronts"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers


def test_the_same_page_goes_out_packed_or_plain_as_the_client_can_take_it(edge):
    plain, packed = ask(edge, "/page/"), ask(edge, "/page/", accept_encoding="br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) == int(packed.headers["Content-Length"]) < len(plain.body)
    assert len(plain.body) == int(plain.headers["Content-Length"])
    assert plain.headers["ETag"] != packed.headers["ETag"]  # strong: one for each sequence of bytes
    assert not plain.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other",W/{} , "third"', "*"])
def test_a_client_that_has_the_page_hears_304(edge, form):
    etag = ask(edge, "/page/", accept_encoding="gzip").headers["ETag"]
    answer = ask(edge, "/page/", accept_encoding="gzip", if_none_match=form.format(etag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "public" in answer.headers["Cache-Control"]
    assert "Content-Length" not in answer.headers


def test_a_client_that_has_older_or_otherwise_packed_bytes_hears_200(edge):
    packed = ask(edge, "/page/", accept_encoding="gzip").headers["ETag"]
    assert ask(edge, "/page/", if_none_match=packed).status == 200
    assert ask(edge, "/page/", if_none_match='"older"').status == 200
    assert ask(edge, "/page/", if_none_match=packed[:-1]).status == 200


def test_head_is_answered_with_the_headers_of_get_alone(edge):
    get, head = ask(edge, "/page/"), ask(edge, "/page/", "HEAD")
    assert head.body == b""
    assert head.headers == get.headers
    assert site.made["page"] == 1


def test_page_and_order_make_pages_of_their_own_and_their_order_does_not_matter(edge):
    ask(edge, "/page/?page=2&order=newest")
    assert b"page 2, newest" in ask(edge, "/page/?order=newest&page=2").body
    assert b"page 1, oldest" in ask(edge, "/page/").body
    assert site.made["page"] == 2


def test_other_names_in_the_query_change_nothing(edge):
    ask(edge, "/page/?page=2")
    assert b"page 2" in ask(edge, "/page/?utm_source=letter&page=2&fbclid=a%20b").body
    assert site.made["page"] == 1


@pytest.mark.parametrize(
    "query", ["page=2&page=3", "page=%3Cb%3E", "page=", "order=" + "a" * 30, "page=2&x=" + "y" * 400]
)
def test_a_repeated_or_odd_query_is_left_to_django_and_not_kept(edge, query):
    ask(edge, f"/page/?{query}")
    ask(edge, f"/page/?{query}")
    assert site.made["page"] == 2


def test_an_encoded_name_is_read_as_django_reads_it(edge):
    ask(edge, "/page/?%70age=3")
    assert b"page 3" in ask(edge, "/page/?page=3").body
    assert b"page 1" in ask(edge, "/page/").body


def test_a_page_made_of_another_name_in_the_query_is_never_kept(edge):
    ask(edge, "/search/")
    assert b"found for bridge" in ask(edge, "/search/?q=bridge").body
    assert b"found for mill" in ask(edge, "/search/?q=mill").body
    assert site.made["search"] == 3


def test_a_page_made_of_the_whole_query_is_never_kept(edge):
    ask(edge, "/bound/")
    assert b"names: ['x']" in ask(edge, "/bound/?x=1").body


def test_a_public_page_that_may_not_be_kept_is_still_packed_and_tagged(edge):
    answer = ask(edge, "/search/?q=bridge", accept_encoding="gzip")
    assert gzip.decompress(answer.body).startswith(b"found for bridge")
    assert ask(edge, "/search/?q=bridge", accept_encoding="gzip", if_none_match=answer.headers["ETag"]).status == 304


def test_the_notice_of_a_withdrawn_story_is_kept_and_never_turned_into_304(edge):
    etag = ask(edge, "/withdrawn/").headers["ETag"]
    assert ask(edge, "/withdrawn/", if_none_match=etag).status == 410
    assert site.made["withdrawn"] == 1


@pytest.mark.parametrize("name", ["absent", "cookie", "varies", "private"])
def test_what_is_missing_or_was_made_for_one_person_is_not_kept(edge, name):
    ask(edge, f"/{name}/")
    ask(edge, f"/{name}/")
    assert site.made[name] == 2


def test_a_cookie_reaches_the_one_it_was_set_for(edge):
    assert "a=b" in ask(edge, "/cookie/").headers["Set-Cookie"]


def test_writes_go_straight_to_django(edge):
    assert ask(edge, "/post/", "POST").body == b"POST"
    assert ask(edge, "/post/", "OPTIONS").body == b"OPTIONS"


def test_a_change_is_seen_by_the_next_reader(edge, django_capture_on_commit_callbacks):
    from broadsheet.delivery.freshness import touch

    ask(edge, "/page/")
    with django_capture_on_commit_callbacks(execute=True):
        touch("story:1")
    site.words["now"] = "second words"
    assert b"second words" in ask(edge, "/page/").body


def test_a_change_elsewhere_leaves_the_page_ready(edge, django_capture_on_commit_callbacks):
    from broadsheet.delivery.freshness import touch

    ask(edge, "/page/")
    with django_capture_on_commit_callbacks(execute=True):
        touch("story:2")
    ask(edge, "/page/")
    assert site.made["page"] == 1


def test_a_change_while_the_page_is_being_rendered_makes_it_stale(edge, django_capture_on_commit_callbacks):
    from broadsheet.delivery.freshness import touch

    def change():
        site.during.clear()
        site.words["now"] = "second words"
        with django_capture_on_commit_callbacks(execute=True):
            touch("story:1")

    site.during["page"] = change
    assert b"first words" in ask(edge, "/page/").body  # what its reader asked for was true when it was read
    assert b"second words" in ask(edge, "/page/").body


def test_a_fault_in_a_view_reaches_the_reader_and_blocks_nobody(make_edge, settings):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    edge = make_edge()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(edge, "/broken/")


def test_what_is_set_aside_is_answered_without_django():
    def alive(environ, start_response):
        start_response("200 OK", [])
        return [b"alive"]

    edge = Edge(None, pages=ReadyPages(), aside={"/healthz": alive})
    assert ask(edge, "/healthz").body == b"alive"


def _unlooked(self, *tags):
    """Versions without the database: the test's own connection belongs to the test's thread."""


def _together(edge, address, gate, readers):
    """So many readers ask at once; the gate opens when one of them is inside the view."""
    with ThreadPoolExecutor(readers) as pool:
        asked = [pool.submit(ask, edge, address) for _ in range(readers)]
        assert gate.entered.acquire(timeout=10)
        gate.opened.set()
        return [answer.result(timeout=20) for answer in asked]


def test_many_readers_of_a_page_that_is_not_ready_cause_one_rendering(make_edge, monkeypatch):
    monkeypatch.setattr(Freshness, "look", _unlooked)
    gate = site.during["page"] = site.Gate()
    answers = _together(make_edge(ask=lambda tags: {}), "/page/", gate, 8)
    assert {answer.body for answer in answers} == {answers[0].body}
    assert site.made["page"] == 1


def test_readers_of_personal_pages_do_not_wait_for_each_other(make_edge):
    edge = make_edge()
    ask(edge, "/personal/")  # from now on the edge knows that nobody need wait for it
    inside = threading.Barrier(4)
    site.during["personal"] = lambda: inside.wait(10)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(edge, "/personal/"), range(4)))
    assert [answer.body for answer in answers] == [b"yours alone"] * 4


def test_many_first_readers_of_a_personal_page_each_get_their_own(make_edge):
    gate = site.during["personal"] = site.Gate()
    answers = _together(make_edge(), "/personal/", gate, 6)
    assert [answer.body for answer in answers] == [b"yours alone"] * 6
    assert site.made["personal"] == 6
