"""What readers are told when something cannot be done."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client
from django.views import defaults

from broadsheet.core.middleware import AnswerRefusals
from broadsheet.core.refusals import Refused, TooSoon

pytestmark = pytest.mark.django_db


def test_a_fault_of_ours_is_told_without_asking_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = defaults.server_error(rf.get("/"))
        page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in page and "lang=" in page


def test_a_request_nobody_can_read_is_told_so_without_a_database_too(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = defaults.bad_request(rf.get("/"), ValueError())
    assert answer.status_code == 400
    assert "We could not read what your browser sent" in answer.content.decode()


def test_a_page_for_others_says_whom_to_ask(rf, section):
    answer = defaults.permission_denied(rf.get("/"), PermissionDenied())
    assert answer.status_code == 403
    assert "Your account may not open this page" in answer.content.decode()


def test_a_refusal_is_a_page_for_a_browser_and_json_for_an_element(rf, section):
    middleware = AnswerRefusals(lambda request: None)
    page = middleware.process_exception(rf.get("/"), Refused("<b>The discussion is closed.</b>"))
    assert page.status_code == 403
    assert "&lt;b&gt;The discussion is closed.&lt;/b&gt;" in page.content.decode()
    answer = middleware.process_exception(rf.get("/", headers={"Accept": "application/json"}), TooSoon("Wait.", 30))
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    assert answer.content == b'{"refused": "Wait."}'
    assert "no-store" in answer["Cache-Control"]


def test_a_form_that_was_open_too_long_gives_back_what_was_typed(section):
    client = Client(enforce_csrf_checks=True)
    typed = 'A long <thought> & "more"\nover two lines'
    answer = client.post("/accounts/login/", {"body": typed})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Please send that again" in html
    assert "A long &lt;thought&gt; &amp; &quot;more&quot;\nover two lines</textarea>" in html
    assert 'href="/accounts/login/"' in html


def test_a_textarea_keeps_a_first_empty_line():
    html = render_to_string("core/form_expired.html", {"typed": "\nsecond", "back": "/"})
    assert ">\n\nsecond</textarea>" in html
