"""The fixed cast and the few things every test needs."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import TransactionTestCase

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.models import Thread
from broadsheet.stories.models import Section, Story
from tests.databases import Migrated

_numbers = count(1)
# Files whose tests share what takes long to make, and the name of it: one of several processes runs them all.
TOGETHER = {
    "tests/test_leaks.py": "the crawl",
    "tests/test_cookies.py": "the crawl",
    "broadsheet/demo/tests/test_demo.py": "the invented town paper",
}


def pytest_configure():
    """Passwords are hashed slowly on purpose, tasks wait for a worker, a model is read; the cast waits for none."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS_AT_ONCE = [""]  # every task; those about the queue set it back
    settings.SCORER, settings.SCORERS = "off", []  # a model is loaded only for those who ask for it


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    """What an earlier test has counted limits nobody here."""
    cache.clear()


def pytest_itemcollected(item):
    """Marks what meets the database: `-m database` is what a second database could answer differently."""
    if item.get_closest_marker("any_database"):
        return
    if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames:
        item.add_marker("database")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Those together begin; the others follow one by one, in the order of one process."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return TOGETHER.get(nodeid.partition("::")[0], nodeid)

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def migrated():
    """The database of an earlier run, where nothing that makes it has changed since."""
    found = Migrated()
    yield found
    found.close()


@pytest.fixture(scope="session")
def fresh_database(migrated):
    """The file of a migrated SQLite database; on PostgreSQL there is none."""
    return migrated.file


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker, migrated):
    """Where the database of the tests begins."""
    with django_db_blocker.unblock():
        migrated.offer()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated):
    """The database of the tests, and a copy of it as no test has touched it."""
    with django_db_blocker.unblock():
        migrated.keep()
        migrated.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: migrated.go_back())
        yield


def _reader(name, *permissions, **facts):
    reader = Reader.objects.create_user(
        f"{name.split()[0].lower()}@example.org", name, "a long enough pass phrase", **facts
    )
    for permission in permissions:
        app, code = permission.split(".")
        reader.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
    return reader


def _member(name, group):
    person = _reader(name, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def reader(db):
    """Ruth has an account and has commented before."""
    return _reader("Ruth Reader")


@pytest.fixture
def newcomer(db):
    """Ned signed up a minute ago."""
    return _reader("Ned Newcomer")


@pytest.fixture
def moderator(db):
    """Mona decides about comments."""
    return _reader("Mona Marsh", "moderation.decide", is_staff=True)


@pytest.fixture
def reporter(db):
    return _member("Rita Rowe", "Reporters")


@pytest.fixture
def editor(db):
    return _member("Edna Eames", "Editors")


@pytest.fixture
def photo_editor(db):
    return _member("Phil Pine", "Photo editors")


@pytest.fixture
def administrator(db):
    return Reader.objects.create_superuser("ada@example.org", "Ada Ash", "a long enough pass phrase")


@pytest.fixture
def section(db):
    return Section.objects.create(name="Town", slug="town", position=1)


@pytest.fixture
def make_story(section):
    """A story as readers find it: released, published an hour ago unless told otherwise."""

    def make(headline="Council votes to keep the old bridge", **facts):
        number = next(_numbers)
        given = {
            "headline": headline,
            "slug": f"story-{number}",
            "section": section,
            "standfirst": "The vote was seven to four.",
            "place": "HARLOW MILLS",
            "live": True,
            "published_at": clock.now() - timedelta(hours=1),
            "body_html": "<p>The council voted on Tuesday to keep the bridge.</p>",
        }
        return Story.objects.create(**{**given, **facts})

    return make


@pytest.fixture
def story(make_story):
    return make_story()


@pytest.fixture
def thread(story):
    return Thread.objects.create(story=story)


@pytest.fixture
def make_comment(thread, reader):
    """A comment posted the way readers post; `status` then moves it as a moderator's decision would.

    No words twice: a number stands behind them, counted in each test, so that none becomes a year and a figure.
    """
    numbers = count(1)

    def make(body="I walked across it this morning.", author=None, thread=thread, parent=None, status="published"):
        from django.db import transaction

        from broadsheet.discussion.actions import change_status, post_comment

        comment = post_comment(author=author or reader, thread=thread, body=f"{body} ({next(numbers)})", parent=parent)
        if comment.status != status:
            with transaction.atomic():
                comment = change_status(comment=comment, seen=comment.status, after=status)
        return comment

    return make
