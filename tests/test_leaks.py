"""Nothing that is embargoed, a draft, withdrawn, pending or rejected leaves by any address.

Each withheld thing carries a word that occurs nowhere else. The walk asks for every address of the URL configuration
with every row's number, as every kind of person, and looks for those words in what comes back.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.module_loading import import_string

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import post_comment, thread_for, withdraw_comment
from broadsheet.live import frames
from broadsheet.moderation.actions import decide, report_comment
from broadsheet.stories.models import Credit, Notice, Person, Topic
from tests.walking import addresses, own_patterns

pytestmark = pytest.mark.django_db

STORIES = {"embargoed": "Xembargoed", "draft": "Xdraft", "withdrawn": "Xwithdrawn"}


def everything_about(word):
    return {
        "headline": f"{word} headline",
        "standfirst": f"{word} standfirst",
        "slug": word.lower(),
        "body_html": f"<p>{word} body</p>",
        "lead_caption": f"{word} caption",
        "lead_alt": f"{word} alt",
        "lead_credit": f"{word} credit",
        "lead_creator": f"{word} creator",
        "place": word.upper(),
    }


@pytest.fixture
def newsroom(make_story, reader, newcomer, moderator, settings):
    """One public story with a comment of every kind; three stories that readers must not see, with a comment each."""
    topic = Topic.objects.create(name="Bridges", slug="bridges")
    person = Person.objects.create(name="Una Umber", slug="una-umber")
    public = make_story("The bridge stays")
    hidden = {name: make_story(**everything_about(word)) for name, word in STORIES.items()}
    for story in [public, *hidden.values()]:
        story.topics.add(topic)
        story.save()
        Credit.objects.create(story=story, person=person)
    said = {name: say(reader, story, f"Xcommenton{name} text") for name, story in hidden.items()}
    Notice.objects.create(story=hidden["withdrawn"], kind="withdrawal", text="We withdrew this: the notice is public.")
    hide(hidden["embargoed"], published_at=clock.now() + timedelta(days=1))
    hide(hidden["draft"], live=False)
    hide(hidden["withdrawn"], withdrawn_at=clock.now())

    said["published"] = say(reader, public, "Xcommentpublished words")
    said["rejected"] = say(newcomer, public, "Xcommentrejected words")
    said["reply"] = say(reader, public, "A reply to what will be removed", parent=said["rejected"])
    said["withdrawn comment"] = say(newcomer, public, "Xcommentwithdrawn words")
    settings.PRE_MODERATION = True
    said["pending"] = say(newcomer, public, "Xcommentpending words")
    said["held reply"] = say(newcomer, public, "Xcommentheld words", parent=said["published"])
    said["never public"] = say(newcomer, public, "Xcommentnever words")
    settings.PRE_MODERATION = False
    report = report_comment(
        comment=said["rejected"], reporter=reader, address="192.0.2.7", reason="abusive", note="Please look"
    )
    for name in ("rejected", "never public"):
        comment = said[name]
        decide(moderator=moderator, comment=comment, seen=comment.status, after="rejected", reason="abusive", note="")
    withdraw_comment(author=newcomer, comment=said["withdrawn comment"])
    return {"stories": [public, *hidden.values()], "comments": list(said.values()), "report": report, "said": said}


def say(author, story, body, parent=None):
    return post_comment(author=author, thread=thread_for(story), body=body, parent=parent)


def hide(story, **facts):
    type(story).objects.filter(pk=story.pk).update(**facts)


def values_for(newsroom):
    stories, comments = newsroom["stories"], newsroom["comments"]
    numbers = sorted({row.pk for row in [*stories, *comments]})
    return {
        "pk": numbers,
        "pk and slug": [(story.pk, slug) for story in stories for slug in (story.slug, "another")],
        "slug": [story.slug for story in stories] + ["bridges", "una-umber", "town"],
        "token": [newsroom["report"].token, "no-such-token"],
        "path": ["x"],
    }


def walk(client, newsroom, *queries):
    """(address, answer body) of every address of ours."""
    values = values_for(newsroom)
    for route, entry in own_patterns():
        for address in addresses(route, entry, values):
            answer = client.get(address)
            yield address, answer.status_code, words_of(answer)
            for query in queries if answer.status_code == 200 else ():
                answer = client.get(address + query)
                yield address + query, answer.status_code, words_of(answer)


def words_of(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + " ".join(f"{name}: {value}" for name, value in answer.items())


QUERIES = (
    "?page=1&order=newest",
    "?page=2",
    "?since=0",
    "?q=Xembargoed",
    "?q=Xdraft",
    "?q=Xwithdrawn",
    "?q=Xcommentrejected",
)
WITHHELD_STORIES = ("xembargoed", "xdraft", "xwithdrawn", "xcommenton")
WITHHELD_COMMENTS = ("xcommentpending", "xcommentrejected", "xcommentwithdrawn", "xcommentheld", "xcommentnever")


def found(words, text, asked):
    """The withheld words in an answer, the question's own words (a search box repeats them) left out."""
    text = text.casefold()
    return [word for word in words if word in text and word not in asked.casefold()]


def leaks(client, newsroom, words):
    return [
        (address, status, hits)
        for address, status, text in walk(client, newsroom, *QUERIES)
        if (hits := found(words, text, address))
    ]


def test_nothing_withheld_leaves_for_a_signed_out_reader(client, newsroom):
    assert leaks(client, newsroom, WITHHELD_STORIES + WITHHELD_COMMENTS) == []


def test_nothing_withheld_leaves_for_another_reader(client, newsroom):
    stranger = Reader.objects.create_user("s@example.org", "Sam Stone", "a long enough pass phrase")
    client.force_login(stranger)
    assert leaks(client, newsroom, WITHHELD_STORIES + WITHHELD_COMMENTS) == []


def test_a_reader_finds_no_withheld_comment_of_others(client, newsroom, reader):
    client.force_login(reader)
    assert leaks(client, newsroom, (*WITHHELD_COMMENTS, "xembargoed", "xdraft", "xwithdrawn")) == []


def test_a_moderator_reads_withheld_comments_at_the_desk_and_nowhere_else(client, newsroom, moderator):
    client.force_login(moderator)
    seen = leaks(client, newsroom, WITHHELD_COMMENTS)
    assert seen, "the desk shows the words a moderator decides about"
    assert [hit for hit in seen if not hit[0].startswith("/moderation/")] == []


def test_the_walk_meets_the_public_story(client, newsroom):
    """The walk would prove nothing if it never arrived anywhere."""
    bodies = [text for _, status, text in walk(client, newsroom) if status == 200]
    assert sum("The bridge stays" in body for body in bodies) >= 5
    assert any("Xcommentpublished" in body for body in bodies)
    assert any("the notice is public" in text for _, status, text in walk(client, newsroom) if status == 410)


def test_nothing_withheld_leaves_by_the_stream(newsroom, settings):
    """Everything the stream server can send comes from this one source, whatever number and revision is asked for."""
    source = import_string(settings.LIVE_SOURCE)
    public, *hidden = newsroom["stories"]
    assert [source(story.pk, 0) for story in hidden] == [None] * len(hidden)
    last = source(public.pk, 0)["revision"]
    sent = "".join(frames.change(source(public.pk, since)).decode() for since in range(last + 1))
    assert "Xcommentpublished" in sent
    assert found(WITHHELD_STORIES + WITHHELD_COMMENTS, sent, "") == []


def test_an_absent_and_a_withheld_story_answer_alike(client, newsroom):
    embargoed = newsroom["stories"][1]
    absent = client.get("/stories/999999/x/")
    withheld = client.get(f"/stories/{embargoed.pk}/{embargoed.slug}/")
    assert (absent.status_code, absent.content) == (withheld.status_code, withheld.content)


@pytest.mark.parametrize("name", ["published", "rejected", "embargoed"])
def test_a_write_to_what_one_may_not_see_says_nothing_of_it(client, newsroom, name):
    stranger = Reader.objects.create_user("s@example.org", "Sam Stone", "a long enough pass phrase")
    client.force_login(stranger)
    comment = newsroom["said"][name]
    for verb in ("edit", "withdraw"):
        answer = client.post(f"/comments/{comment.pk}/{verb}/", {"body": "mine now"})
        assert answer.status_code in {403, 404}
        assert "xcomment" not in answer.content.decode().casefold() or name == "published"
    comment.refresh_from_db()
    assert "mine now" not in comment.body
