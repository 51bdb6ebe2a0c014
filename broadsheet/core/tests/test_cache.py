"""Without Valkey limits are counted in each process, and nothing else changes."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from broadsheet.core.cache import SharedCache, count


@pytest.fixture
def _away(settings, tmp_path):
    """Valkey is set and does not answer."""
    settings.RUN_DIR = tmp_path  # where that is noted for the desk
    settings.CACHES = {"default": {"BACKEND": "broadsheet.core.cache.SharedCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    SharedCache._away_until = 0.0
    yield
    cache.clear()
    SharedCache._away_until = 0.0


@pytest.mark.usefixtures("_away")
def test_what_is_remembered_is_remembered_by_the_process_while_valkey_is_away():
    assert cache.add("one", 1, 60) and not cache.add("one", 2, 60)
    assert cache.incr("one") == 2 and cache.get("one") == 2 and "one" in cache
    cache.set_many({"two": 2, "three": 3}, 60)
    assert cache.get_many(["two", "three", "four"]) == {"two": 2, "three": 3}
    cache.delete_many(["two", "three"])
    assert cache.get_or_set("two", 22, 60) == 22 and cache.touch("two", 60) and cache.delete("two")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("two")


@pytest.mark.usefixtures("_away")
def test_it_is_counted_all_the_same():
    assert [count("tries", "Ruth", now=61, seconds=60) for _ in range(3)] == [(1, 59), (2, 59), (3, 59)]
    assert count("tries", "Ned", now=61, seconds=60) == (1, 59)
    assert count("tries", "Ruth", now=120, seconds=60) == (1, 60)


def test_a_crowd_makes_nobody_s_tries_forgotten():
    for whose in range(1000):
        count("tries", whose, now=61, seconds=60)
    assert count("tries", 0, now=61, seconds=60) == (2, 59)
    cache.clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("_away")
def test_reading_signing_in_and_posting_go_on(client, reader, newcomer, story, thread):
    from broadsheet.accounts.tests.ways import is_signed_in, sign_in
    from broadsheet.discussion.models import ThreadFollow

    ThreadFollow.objects.create(reader=newcomer, thread=thread)
    sign_in(client)
    assert is_signed_in(client)
    posted = client.post(f"/stories/{story.pk}/comments/new/", {"body": "Seven to four."})
    assert posted.status_code == 303
    comment = thread.comments.get()
    assert client.post(f"/stories/{story.pk}/comments/preview/", {"body": "x"}).status_code == 200
    assert client.get(f"/stories/{story.pk}/comments/search/?q=seven").status_code == 200
    client.force_login(newcomer)
    assert client.post(f"/comments/{comment.pk}/respect/", {"choice": "yes"}).status_code in {200, 303, 403}
