from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from io import StringIO
from urllib.parse import urldefrag

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import Client

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.demo import desk_people, desk_rules
from broadsheet.demo.cast import ACCOUNTS, DOMAIN, SIGN_IN_WITH
from broadsheet.discussion.models import Badge, Comment, Hours, Mode, Reaction, Status, Thread
from broadsheet.intake.models import Found, Rule, Run
from broadsheet.legal.models import Appeal, Hold, Notice, Statement
from broadsheet.legal.periods import period_of
from broadsheet.moderation.models import Decision, Entry, Outcome, Queue, Report, ThreadDecision
from broadsheet.moderation.people.models import Sanction
from broadsheet.moderation.people.traces import hints
from broadsheet.newsdesk.models import Correction, Lead
from broadsheet.notifications import mailing
from broadsheet.notifications.models import Notification
from broadsheet.stories.models import Notice as StoryNotice
from broadsheet.stories.models import Picture, Section, Story
from broadsheet.stories.pictures import sizes

SOME, ONE_IN = 20, 12  # of addresses that differ by numbers alone the walk opens so many, and then one in so many
PERSONAL = re.compile(r"/accounts/|/desk/|/comments/\d+/\w+/|/stories/\d+/comments/new/|/me/")


def run(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for all tests of this file and taken back after the last.

    Its pictures in one small size: encoding the large ones takes half of the loading, and is tested with the pictures.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sizes, "WIDTHS", (320,))
            said = run()
        with django_db_blocker.block():
            yield said
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    return loaded


def tables():
    return [table.objects.count() for table in (Story, Comment, Reader, Picture, Report, Decision, Section)]


def test_the_command_tells_the_accounts_and_they_work(demo, client):
    for address, _, groups, _ in ACCOUNTS:
        assert f"{address}@{DOMAIN}" in demo
        assert client.login(username=f"{address}@{DOMAIN}", password=SIGN_IN_WITH)
        reader = Reader.objects.get(email=f"{address}@{DOMAIN}")
        assert [group.name for group in reader.groups.all()] == groups
    assert SIGN_IN_WITH in demo
    assert Reader.objects.get(email=f"moderator@{DOMAIN}").is_moderator
    assert not Reader.objects.get(email=f"reader@{DOMAIN}").is_moderator


def test_nobody_else_in_the_demo_can_sign_in(demo):
    assert all(not reader.has_usable_password() for reader in Reader.objects.exclude(email__endswith=f"@{DOMAIN}"))
    assert not Reader.objects.filter(is_superuser=True).exists()


def test_everybody_had_signed_up_before_they_wrote(demo):
    assert not Comment.objects.filter(created_at__lt=F("author__date_joined")).exists()


def test_a_second_run_makes_nothing_twice(demo):
    before = tables()
    assert "there already" in run()
    assert tables() == before


def test_the_newsroom_has_everything_a_paper_has(demo):
    now = clock.now()
    assert Section.objects.count() == 5
    assert Story.objects.public(now).count() == 15
    assert Story.objects.filter(kind=Story.Kind.FEATURE).count() == 1
    assert set(StoryNotice.objects.values_list("kind", flat=True)) == set(StoryNotice.Kind.values)
    assert Story.objects.public(now).filter(thread__isnull=True).exists()
    assert all(section.stories.public(now).exists() for section in Section.objects.all())


def test_the_discussions_go_from_empty_to_400_and_one_is_closed(demo):
    now = clock.now()
    threads = {thread.story.slug: thread for thread in Thread.objects.select_related("story__section")}
    public = [thread for thread in threads.values() if thread.story.is_public(now)]
    assert threads["mill-bridge"].comments.count() == 400 + len(desk_rules.SAID)
    assert [thread.story.slug for thread in public if thread.is_closed(now)] == ["field-drainage"]
    assert max(Comment.objects.values_list("depth", flat=True)) > 5
    assert not Comment.objects.filter(created_at__gt=now).exists()


def test_moderators_find_held_and_reported_comments_and_readers_tombstones(demo):
    statuses = Counter(Comment.objects.values_list("status", flat=True))
    assert statuses[Status.PENDING] >= 3
    assert statuses[Status.REJECTED] >= 8
    assert statuses[Status.WITHDRAWN] >= 3
    waiting = Report.objects.filter(outcome=Outcome.WAITING)
    assert waiting.filter(reporter=None).exists()
    assert waiting.exclude(reporter=None).exists()
    decided = Decision.objects.filter(picked=None, locked=None, moderator__isnull=False).exclude(after=Status.PENDING)
    assert all(decision.reason for decision in decided)
    held = Comment.objects.filter(status=Status.PENDING)
    assert all(comment.flags.exists() or comment.decisions.exists() for comment in held)


def test_a_supervisor_finds_rules_in_every_state_that_have_found_something_and_dry_runs(demo):
    assert set(Rule.objects.values_list("state", flat=True)) == {"off", "trial", "on"}
    found = {(each.rule.name, each.comment.status) for each in Found.objects.select_related("rule", "comment")}
    assert found == {
        ("Heated words", "pending"), ("Our reporters named", "published"), ("Passed round", "pending"),
        ("Other languages", "published"),
    }  # fmt: skip
    assert {run.state for run in Run.objects.all()} == {"looked"}
    assert all(run.found.exists() for run in Run.objects.all())


def test_the_lawyer_finds_a_notice_an_appeal_a_hold_and_figures(demo, client):
    assert Notice.objects.filter(answer="waiting").count() == Notice.objects.filter(answer="kept").count() == 1
    assert Appeal.objects.get().is_waiting and Statement.objects.count() >= 8
    hold = Hold.objects.get()
    page = client.get(hold.thread.story.get_absolute_url()).text
    assert "concerns children or young people" in page and "lawyer" not in page.split("comments-hold")[1][:600]
    slug = period_of(clock.now()).slug
    assert ",1\r\n" in client.get(f"/transparency/{slug}/figures.csv").content.decode()


def test_readers_ask_and_an_expert_and_the_author_answer(demo):
    thread = Thread.objects.get(story__slug="eye-screening")
    assert thread.mode == Mode.QUESTIONS
    assert [expert.name for expert in thread.experts.all()] == ["Dr. Raman"]
    assert 5 <= thread.answered < thread.started
    answers = thread.comments.filter(answers=True)
    assert set(answers.values_list("badge", flat=True)) == {Badge.EXPERT, Badge.AUTHOR}
    assert ThreadDecision.objects.filter(thread=thread).count() == 2


def test_readers_rate_an_exhibition_and_do_not_agree(demo):
    thread = Thread.objects.get(story__slug="full-focus-space")
    assert thread.mode == Mode.REVIEWS
    assert thread.ratings >= 6
    assert len(set(thread.comments.filter(status="published", parent=None).values_list("rating", flat=True))) >= 4
    assert thread.comments.filter(status="withdrawn", rating=1).exists()


def test_editors_have_picked_and_every_respect_has_its_reader(demo):
    assert Comment.objects.filter(picked_at__isnull=False, status="published").count() >= 6
    assert Decision.objects.filter(picked=True).count() >= 6
    most = Comment.objects.order_by("-respects").first()
    assert most.respects >= 40 and most.reactions.count() == most.respects
    assert not Reaction.objects.filter(reader=F("comment__author")).exists()
    moments = list(most.reactions.order_by("pk").values_list("created_at", flat=True))
    assert moments == sorted(moments)
    assert not Comment.objects.exclude(status="published").filter(respects__gt=0).exists()
    assert {Badge.AUTHOR, Badge.STAFF, Badge.EXPERT} <= set(Comment.objects.values_list("badge", flat=True))


def test_the_reader_follows_people_and_finds_what_is_new_since_the_last_visit(demo):
    robin = Reader.objects.get(email=f"reader@{DOMAIN}")
    assert {follow.followed.name for follow in robin.follows.all()} == {"Dee Okoro", "Dr. Raman"}
    long = Thread.objects.get(story__slug="mill-bridge")
    assert long.followers.count() > 10
    client = Client()
    client.force_login(robin)
    visit = client.get(f"/threads/{long.pk}/me/").json()["visit"]
    assert 0 < len(visit["new"]) < 20


def test_what_the_demo_tells_its_readers_is_listed_and_sent_to_nobody(demo):
    assert Notification.objects.exists()
    assert mailing.gather(clock.now() + timedelta(days=2)) == 0
    assert not Notification.objects.filter(is_urgent=True).exists()


def test_the_news_desk_has_hours_corrections_and_a_lead(demo, client):
    assert {str(hours) for hours in Hours.objects.all()} == {"newsroom", "Culture"}
    assert sorted(Correction.objects.values_list("state", flat=True)) == ["open", "published"]
    assert Lead.objects.get().answer == ""
    story = Correction.objects.get(state="published").story
    page = client.get(story.get_absolute_url()).content.decode()
    assert "Written before the clarification of" in page and "With thanks to <bdi>Lars P.</bdi>" in page


def test_every_count_is_true(demo):
    call_command("recount", "--check", stdout=StringIO())


def test_every_picture_has_alternative_text_a_credit_and_a_caption_read_from_its_file(demo):
    for picture in Picture.objects.all():
        assert picture.description
        assert picture.credit
        assert picture.caption
        assert "credit" in picture.read_from_file


def test_every_public_page_answers_and_none_shows_the_embargoed_or_the_withdrawn_story(demo):
    embargoed, withdrawn = Story.objects.get(slug="alder-mill-sale"), Story.objects.get(slug="ferry-landing")
    pages = walk(Client())
    assert len(pages) > 60
    for address, html in pages.items():
        assert embargoed.headline not in html, address
        assert "alder-mill-sale" not in html, address
        assert withdrawn.headline not in html, address
        for image in re.findall(r"<img\b[^>]*>", html.replace('\\"', '"')):  # in JSON too
            assert re.search(r'alt="[^"]{10,}"', image), (address, image)
    assert Client().get(embargoed.get_absolute_url()).status_code == 404
    gone = Client().get(withdrawn.get_absolute_url())
    assert gone.status_code == 410
    assert "apologise to Ms. Bloom" in gone.content.decode()


def walk(client):
    """Every public page that links lead to from the front page, by address."""
    pages, waiting, met = {}, ["/", "/feed/", "/search/?q=bridge"], defaultdict(set)
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        removed = address.startswith("/comments/") and answer.status_code == 410
        assert removed or answer.status_code == 200, address
        pages[address] = html = answer.content.decode() if not answer.streaming else ""
        for link in re.findall(r'<a\b[^>]*href="([^"]+)"', html):
            link = urldefrag(link.replace("&amp;", "&")).url
            if not link.startswith("/") or PERSONAL.search(link) or link in pages or link in waiting:
                continue
            alike = met[re.sub(r"\d+", "0", link)]
            if link not in alike:
                alike.add(link)
                if len(alike) <= SOME or len(alike) % ONE_IN == 0:
                    waiting.append(link)
    return pages


def test_there_is_somebody_under_each_sanction_and_something_to_look_into(demo, client):
    held = dict(Sanction.objects.in_force().values_list("reader__name", "kind"))
    assert held == {
        desk_people.WARNED: "warning",
        desk_people.SUSPENDED: "suspension",
        desk_people.READ_FIRST: "premod",
        desk_people.BANNED: "ban",
    }
    codes = {row[0] for entry in Entry.objects.filter(queue=Queue.REPORTED) for row in entry.why}
    assert "coordinated" in codes
    friend = Reader.objects.get(name="Half-Price Hank")
    assert hints([friend.pk])[friend.pk][0].sanctions
    client.force_login(Reader.objects.get(name="Theo Brandt"))
    suspended = Reader.objects.get(name=desk_people.SUSPENDED)
    text = client.get(f"/moderation/people/{suspended.pk}/").content.decode()
    assert "Third time." in text and "Ellen knows." in text
