"""Nothing that is embargoed, a draft, withdrawn, pending or rejected leaves by any address.

Each withheld thing carries a word that occurs nowhere else. The walk asks for every address of the URL configuration
with every row's number, as every kind of person, and looks for those words in what comes back.
"""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.core import mail
from django.test import Client
from django.utils.module_loading import import_string

from broadsheet.accounts.exports import write_archive
from broadsheet.accounts.models import Export, Follow, Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import edit_comment, post_comment, thread_for, withdraw_comment
from broadsheet.discussion.models import Comment, ThreadFollow
from broadsheet.discussion.quoting import quoted
from broadsheet.discussion.reactions import respect
from broadsheet.legal.appeals import appeal
from broadsheet.legal.holds import set_hold
from broadsheet.legal.models import Appeal, Hold, Notice, Order, Statement
from broadsheet.legal.notices import Content, Sender, send_notice
from broadsheet.legal.periods import period_of
from broadsheet.live import frames
from broadsheet.moderation.actions import decide, pick, report_comment
from broadsheet.moderation.people.models import ModeratorScope
from broadsheet.newsdesk.actions import mark_lead, send_to_desk
from broadsheet.newsdesk.models import Correction, Lead
from broadsheet.notifications import mailing
from broadsheet.notifications.models import Notification
from broadsheet.notifications.tasks import spread
from broadsheet.notifications.tokens import stop_address
from broadsheet.stories.models import Credit, Person, Section, Story, Topic
from broadsheet.stories.models import Notice as StoryNotice
from tests.walking import NO_ROW, own_patterns, visit

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
    """One public story with a comment of every kind; three stories that readers must not see, with a comment each.

    The reader follows everything and is answered, named and picked for, so that there is something to tell them of.
    """
    settings.COMMENTS_PER_MINUTE, began = 100, clock.now()
    settings.PUBLIC_LOG = True
    topic = Topic.objects.create(name="Bridges", slug="bridges")
    person = Person.objects.create(name="Una Umber", slug="una-umber")
    public = make_story("The bridge stays")
    hidden = {name: make_story(**everything_about(word)) for name, word in STORIES.items()}
    for story in [public, *hidden.values()]:
        story.topics.add(topic)
        story.save()
        Credit.objects.create(story=story, person=person)
    Follow.objects.create(reader=reader, followed=newcomer)
    for story in [public, *hidden.values()]:
        ThreadFollow.objects.create(reader=reader, thread=thread_for(story))
    said = {name: say(reader, story, f"Xcommenton{name} text") for name, story in hidden.items()}
    for name, story in hidden.items():
        said[f"answer on {name}"] = say(newcomer, story, f"Xanswered {name}, @Ruth Reader", parent=said[name])
    StoryNotice.objects.create(
        story=hidden["withdrawn"],
        kind="withdrawal",
        text="We withdrew this: the notice is public.",
        made_at=clock.now(),
    )
    hide(hidden["embargoed"], published_at=clock.now() + timedelta(days=1))
    hide(hidden["draft"], live=False)
    hide(hidden["withdrawn"], withdrawn_at=clock.now())

    said["published"] = say(reader, public, "Xcommentpublished words")
    said["withdrawn comment"] = say(newcomer, public, "Xcommentwithdrawn words")
    said["rejected"] = say(newcomer, public, "Xcommentrejected words, @Ruth Reader")
    said["reply"] = say(reader, public, "A reply to what will be removed", parent=said["rejected"])
    said["removed reply"] = say(newcomer, public, "Xcommentremoved words in 1984", parent=said["published"])
    said["edited"] = say(newcomer, public, "Xcommentearlier words, @Ruth Reader")
    edit_comment(author=newcomer, comment=said["edited"], body="Better put.")
    quoter = Reader.objects.create_user("q@example.org", "Quin Quoter", "a long enough pass phrase")
    for name in ("withdrawn comment", "rejected", "removed reply"):
        said[f"quotes {name}"] = say(quoter, public, f"{quoted(said[name])}Xquoter, @Ruth Reader.", parent=said[name])
        said[f"repeats {name}"] = say(quoter, public, f"> {said[name].body}\n\nXquoter again.")
    respect(reader=reader, comment=said["removed reply"])
    pick(moderator=moderator, comment=said["removed reply"])
    for story in hidden.values():
        spread.func(story.pk, began.isoformat())
    spread.func(public.pk, began.isoformat())
    settings.PRE_MODERATION = True
    said["pending"] = say(newcomer, public, "Xcommentpending words, @Ruth Reader")
    said["held reply"] = say(newcomer, public, "Xcommentheld words", parent=said["published"])
    said["never public"] = say(newcomer, public, "Xcommentnever words")
    settings.PRE_MODERATION = False
    report = report_comment(
        comment=said["rejected"], reporter=reader, address="192.0.2.7", reason="abusive", note="Xreportnote"
    )
    for name in ("rejected", "removed reply", "never public"):
        comment = said[name]
        decide(
            moderator=moderator,
            comment=comment,
            seen=comment.status,
            after="rejected",
            reason="abusive",
            note="Xdecisionnote",
        )
    for name in ("published", "rejected", "pending"):
        send_to_desk(moderator=moderator, comment=said[name], claim="Xclaimed to be wrong", note="Xdesknote")
        mark_lead(moderator=moderator, comment=said[name], note="Xleadnote")
    withdraw_comment(author=newcomer, comment=said["withdrawn comment"])
    legal = legal_matters(said, newcomer, moderator)
    Export.objects.create(reader=reader, asked_at=clock.now(), state=Export.State.FAILED)
    return {
        "stories": [public, *hidden.values()],
        "comments": list(said.values()),
        "report": report,
        "said": said,
        "legal": legal,
    }


def legal_matters(said, author, moderator):
    """A notice, an appeal, a hold and an order, none of which says what is withheld. Only this test has their links."""
    sender = Sender(None, "192.0.2.9", "Nora", "nora@example.com")
    what = {"category": "VIOLENCE", "explanation": "Xexplained", "good_faith": True}
    notice = send_notice(content=Content(comment=said["published"]), sender=sender, **what)
    statement = Statement.objects.get(decision__comment=said["rejected"])
    appealed = appeal(reader=author, about=statement, words="Xappealed")
    set_hold(
        moderator=moderator, thread=said["published"].thread, comment=said["published"], why="other", note="Xholdnote"
    )
    now = clock.now()
    Order.objects.create(
        kind="act", authority="A court", reference="File 12", received_at=now, scope="The town", by=moderator
    )
    return [statement.puid, notice.token, appealed.token]


def say(author, story, body, parent=None):
    return post_comment(author=author, thread=thread_for(story), body=body, parent=parent)


def hide(story, **facts):
    type(story).objects.filter(pk=story.pk).update(**facts)


def numbers_of(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def values_for(route, newsroom, rows=()):
    """What the arguments of an address may be. Of a kind of row that nobody has thought of here, the walk stops.

    `rows` are the stories and comments to look at, where a few are enough.
    """
    stories = newsroom["stories"]
    rows = rows or [*stories, *newsroom["comments"]]
    told = [row.pk for row in rows if isinstance(row, Story)]  # a discussion has the number of its story
    said = [row.pk for row in rows if isinstance(row, Comment)]
    known = {
        "readers/": numbers_of(Reader.objects),
        "me/notifications/": numbers_of(Notification.objects),
        "me/data/": numbers_of(Export.objects),
        "stories/": told,
        "comments/": said,
        "threads/": told,
        "moderation/people/": numbers_of(Reader.objects),
        "moderation/legal/notices/": numbers_of(Notice.objects),
        "moderation/legal/appeals/": numbers_of(Appeal.objects),
        "moderation/legal/holds/": numbers_of(Hold.objects),
        "moderation/legal/orders/": numbers_of(Order.objects),
        "moderation/corrections/": numbers_of(Correction.objects),
        "moderation/leads/": numbers_of(Lead.objects),
        "moderation/comments/": said,
        "moderation/scorer/misread/": said,
        "moderation/discussions/": told,
        "moderation/hours/sections/": numbers_of(Section.objects),
        "sitemaps/": [1, 2],
        "embed/stories/": told,
        "embed/threads/": told,
        "embed/comments/": said,
        "embed/readers/": numbers_of(Reader.objects),
    }
    known |= {f"moderation/{part}/": [1] for part in ("views", "bulk", "webhooks", "rules", "scorer/others")}  # no rows
    stop = stop_address(Reader.objects.get(name="Ruth Reader"), None).rstrip("/").rpartition("/")[2]
    values = {
        "pk and slug": [(story.pk, slug) for story in stories for slug in (story.slug, "another")],
        "slug": [story.slug for story in stories] + ["bridges", "una-umber", "town"],
        "token": [newsroom["report"].token, *newsroom["legal"], stop, "no-such-token"],
        "period": [period_of(clock.now()).slug, "1999-1"],
        "path": ["x"],
    }
    if "pk>" in route:
        start = next((start for start in known if route.startswith(start)), None)
        assert start and known[start], f"no row is known for {route}: make one in `newsroom`, and name it here"
        values["pk"] = [NO_ROW, *known[start]]
    return values


class Answer(NamedTuple):
    """What an address has answered."""

    address: str
    status: int
    text: str
    headers: dict[str, str]
    cookies: bool


def walk(client, newsroom, queries=None, under="", bare=()):
    """The answer of every address of ours (that begins so), and of each with what may be asked of it.

    Where a page has not looked at its query at all, no query makes it another page: it is asked for once. So are those
    that begin with one of `bare`, of two stories and four comments.
    """
    said = newsroom["said"]
    few = [*newsroom["stories"][:2], *(said[name] for name in ("embargoed", "rejected", "pending", "removed reply"))]
    for route, entry in own_patterns():
        if not route.startswith(under):
            continue
        is_bare = route.startswith(bare)
        asked = [query for part, some in (queries or {}).items() if part in route for query in some if not is_bare]
        for address, answer in visit(client.get, route, entry, values_for(route, newsroom, few if is_bare else ())):
            yield _kept(address, answer)
            if answer.status_code == 200 and "GET" in vars(answer.wsgi_request):  # read when it is first looked at
                for query in asked:
                    yield _kept(address + query, client.get(address + query))


def _kept(address, answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    return Answer(address, answer.status_code, text, dict(answer.headers), bool(answer.cookies))


_crawled: dict[str, list[Answer]] = {}


@pytest.fixture
def crawled(request):
    """What every address answers each of four: in one newsroom, and once for all the tests that look at it."""
    if not _crawled:
        newsroom = request.getfixturevalue("newsroom")
        stranger = Reader.objects.create_user("s@example.org", "Sam Stone", "a long enough pass phrase")
        people = {
            "nobody": None,
            "stranger": stranger,
            "reader": request.getfixturevalue("reader"),
            "moderator": request.getfixturevalue("moderator"),
        }
        for name, person in people.items():
            client = Client(HTTP_USER_AGENT=f"the {name}'s", HTTP_ACCEPT_LANGUAGE="de" if person else "en")
            if person:
                client.force_login(person)
                client.cookies["frame-session"] = client.cookies["session"].value
            # A moderator may read at the desk what is withheld: to ask there for each with each query proves no more.
            # So it is in frames, whose views are those of the pages.
            bare = ("embed/", "moderation/") if name == "moderator" else ("embed/",)
            _crawled[name] = list(walk(client, newsroom, QUERIES, bare=bare))
    return _crawled


# What is asked of an address that has that part in it.
QUERIES = {
    "": ("?page=1&order=newest", "?page=2"),
    "search/": ("?q=Xembargoed", "?q=Xdraft", "?q=Xwithdrawn", "?q=Xcommentrejected", "?q=Xcommentremoved"),
    "changes/": ("?since=0",),
    "reply/": ("?quote=1",),
    "slug:slug>/": ("?order=respected", "?order=discussed", "?order=picks", "?view=picks", "?view=answers"),
}
WITHHELD_STORIES = ("xembargoed", "xdraft", "xwithdrawn", "xcommenton", "xanswered")
WITHHELD_COMMENTS = (
    "xcommentpending", "xcommentrejected", "xcommentwithdrawn", "xcommentheld", "xcommentnever", "xcommentremoved",
    "xcommentearlier", "xclaimed", "xdesknote", "xleadnote",
)  # fmt: skip
ABOUT_COMMENTS = ("xreportnote", "xexplained", "xappealed", "xdecisionnote", "xholdnote")


def found(words, text, asked):
    """The withheld words in an answer, the question's own words (a search box repeats them) left out."""
    text = text.casefold()
    return [word for word in words if word in text and word not in asked.casefold()]


def leaks(answers, words):
    said = (
        (answer, answer.text + " ".join(f"{name}: {value}" for name, value in answer.headers.items()))
        for answer in answers
    )
    return [
        (answer.address, answer.status, hits) for answer, text in said if (hits := found(words, text, answer.address))
    ]


def test_nothing_withheld_leaves_for_a_signed_out_reader(crawled):
    answers = crawled["nobody"]
    assert leaks(answers, WITHHELD_STORIES + WITHHELD_COMMENTS) == []
    # The walk would prove nothing if it never arrived anywhere.
    pages = [answer.text for answer in answers if answer.status == 200 and "?" not in answer.address]
    assert sum("The bridge stays" in text for text in pages) >= 5
    assert any("Xcommentpublished" in text for text in pages)
    assert any("the notice is public" in answer.text for answer in answers if answer.status == 410)


def test_nothing_withheld_leaves_for_another_reader(crawled):
    assert leaks(crawled["stranger"], WITHHELD_STORIES + WITHHELD_COMMENTS) == []


def test_a_reader_finds_no_withheld_comment_of_others(crawled):
    words = (*WITHHELD_COMMENTS, "xembargoed", "xdraft", "xwithdrawn", "xanswered")
    assert leaks(crawled["reader"], words) == []


def test_a_reader_is_told_of_what_stands_and_gets_no_mail_about_the_rest(client, newsroom, reader, newcomer):
    """They were told of all of it at first, where it was public."""
    kinds = set(Notification.objects.filter(reader=reader).values_list("kind", flat=True))
    assert kinds >= {"reply", "mention", "person", "outcome"}
    said = post_comment(author=newcomer, thread=newsroom["said"]["edited"].thread, body="Xstands, @Ruth Reader.")
    later = clock.now() + timedelta(days=2)
    mailing.gather(later)
    mailing.send(later)
    sent = "".join(str(message.message()) + message.body for message in mail.outbox if message.to == [reader.email])
    assert "Xstands" in sent and said.is_public
    assert found((*WITHHELD_COMMENTS, *WITHHELD_STORIES), sent, "") == []


def test_a_copy_of_one_s_data_has_no_withheld_words_of_others(newsroom, reader, tmp_path):
    write_archive(reader, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        text = "".join(archive.read(name).decode() for name in ("data.json", "index.html"))
    assert "Xcommentpublished" in text
    assert found((*WITHHELD_COMMENTS, "xembargoed", "xdraft", "xwithdrawn", "xanswered"), text, "") == []


def test_a_moderator_reads_withheld_comments_at_the_desk_and_nowhere_else(crawled):
    seen = leaks(crawled["moderator"], WITHHELD_COMMENTS)
    assert seen, "the desk shows the words a moderator decides about"
    assert [hit for hit in seen if not hit[0].startswith("/moderation/")] == []


def test_a_moderator_of_another_section_reads_none_of_it_at_the_desk_either(client, newsroom, moderator, editor):
    """Neither words nor what colleagues, reporters and lawyers said about them, nor whose words were removed."""
    ModeratorScope.objects.create(
        moderator=moderator, section=Section.objects.create(name="Sport", slug="sport", position=2)
    )
    Hold.objects.update(owner=editor)
    client.force_login(Reader.objects.get(pk=moderator.pk))
    answers = list(walk(client, newsroom, QUERIES, under="moderation/"))
    assert leaks(answers, WITHHELD_COMMENTS + ABOUT_COMMENTS) == []
    assert sum(answer.status == 200 for answer in answers) > 20


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
