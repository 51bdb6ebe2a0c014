"""What this newsroom's decisions teach: which count, what is put in force, what is forgotten, and who goes back."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest

from broadsheet.core import clock
from broadsheet.discussion.models import Comment, Status
from broadsheet.moderation.actions import decide
from broadsheet.moderation.models import Change, Decision, Opinion, Source
from broadsheet.moderation.rules import Screen
from broadsheet.scores import asking
from broadsheet.scores.asking import Asked
from broadsheet.scores.learning import applied, lessons, versions
from broadsheet.scores.learning.actions import go_back
from broadsheet.scores.learning.models import Learning, Misread, Standing, Version, unpacked
from broadsheet.scores.models import DecisionScore, Score, Threshold, Use
from broadsheet.scoring import learning, naming
from broadsheet.scoring.answers import KINDS, UNKNOWN, Answer, Scores
from broadsheet.scoring.identities import TERMS
from broadsheet.scoring.language import language_of
from broadsheet.scoring.measuring import cases

pytestmark = pytest.mark.django_db


def _words(text):
    return text.split()


KIND = _words(
    "the council has built a good school and we thank the teachers for their work in that part of town but when I "
    "walked along the river on Tuesday morning nobody had mended any lamp between both bridges although money was set "
    "aside last autumn which makes me wonder how they plan such things before winter comes again would it not be "
    "cheaper if volunteers from our sports club helped out once every month with paint brooms plus some cake"
)
GERMAN = _words(
    "die Straße ist gut und der Rat hat die Schule nicht vergessen aber wir müssen noch über den Bahnhof reden weil "
    "dort seit Monaten kein Zug hält und niemand sagt warum das so ist oder wann sich etwas ändert"
)
RUDE = ["wokester", "libtard", "snowflake", "sheeple", "troll"]


class Tame:
    """A base model that finds nothing bad in English, and knows no other language."""

    name = "tame/1"
    parts = ("tame",)

    def score(self, texts, stories=(), facts=()):
        return [self._one(text) for text in texts]

    def _one(self, text):
        language = language_of(text)
        low = 0.012 if text.endswith((".", "!", "?")) else 0.02
        known = Answer(low + len(text) % 7 / 1000) if language == "en" else Answer(None, reason="language")
        return Scores(self.name, language, known, dict.fromkeys(KINDS, UNKNOWN), Answer(0.02), {})


@pytest.fixture
def tame(on, db):
    Learning.objects.create(pk=1, key=b"k" * 32)  # so that the same comments are kept aside in every run
    old = asking.set_asker(asking.Asker(Tame))
    yield
    asking.set_asker(old)


@pytest.fixture
def decided(thread, reader, newcomer, moderator):
    """Comments with what a moderator has decided about each, `texts` -> rejected or not; straight into the tables."""
    people = [reader, newcomer, moderator]
    numbers = iter(range(1_000, 100_000))

    def decided(rows, *, reason="abusive", source=Source.PERSON, at=None):
        at = at or clock.now()
        first = next(numbers)
        made = Comment.objects.bulk_create(
            Comment(
                thread=thread, author=people[place % 3], author_name=people[place % 3].name,
                number=next(numbers) + first, body=text, html=text, revision=0,
                status=Status.REJECTED if bad else Status.PUBLISHED, created_at=at - timedelta(minutes=5),
            )
            for place, (text, bad) in enumerate(rows)
        )  # fmt: skip
        Decision.objects.bulk_create(
            Decision(
                comment=comment, number=1, moderator=moderator, source=source, seen=Status.PENDING,
                after=comment.status, reason=reason if comment.status == Status.REJECTED else "fine", created_at=at,
            )
            for comment in made
        )  # fmt: skip
        Score.objects.bulk_create(
            Score(
                comment=comment, model=said.model, language=said.language, inappropriate=said.inappropriate.value,
                spam=said.spam.value, parts=dict(said.parts),
            )
            for comment, said in zip(made, Tame().score([each.body for each in made]), strict=True)
        )  # fmt: skip
        return made

    return decided


def rows(number, kind=KIND, rude=RUDE, seed=1):
    """Every fourth calls names, and is rejected for it."""
    dice = random.Random(seed)
    made = []
    for at in range(number):
        name = [dice.choice(rude)] if at % 4 == 0 else []
        made.append((" ".join([*dice.choices(kind, k=9), *name, *dice.choices(kind, k=5)]), at % 4 == 0))
    return made


def value(text):
    return asking.ask([Asked(text)])[0].scores.inappropriate.value


def test_below_two_hundred_decisions_nothing_is_learned(tame, decided):
    decided(rows(199))
    versions.tend()
    assert not Version.objects.exists()


@pytest.mark.any_database
def test_what_was_decided_changes_what_the_scorer_says(tame, decided):
    text = "You are a Wokester and nothing more."
    before = value(text)
    decided(rows(400))
    versions.tend()
    version = Version.objects.get()
    assert version.standing == Standing.IN_FORCE
    assert value(text) > 3 * before
    assert value(text) > value("You are a teacher and nothing more.")
    said = asking.ask([Asked(text)])[0].scores
    assert said.model == "tame/1+learned/1"
    assert next(text[mark.start : mark.end] for mark in said.inappropriate.marks) == "Wokester"
    assert version.figures["auc"]["now"][0] > version.figures["auc"]["base"][0]


@pytest.mark.any_database
def test_nothing_new_makes_no_version(tame, decided):
    decided(rows(300))
    versions.tend()
    versions.tend()
    assert Version.objects.count() == 1


@pytest.mark.any_database
def test_every_fifty_decisions_it_is_learned_anew(
    tame, decided, make_comment, moderator, django_capture_on_commit_callbacks
):
    decided(rows(300))
    last = Decision.objects.order_by("-pk").first().pk
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(-last % 50 or 50):
            comment = make_comment()
            decide(
                moderator=moderator,
                comment=comment,
                seen="published",
                after="published",
                reason="fine",
                screen=Screen(),
            )
    assert Version.objects.get().standing == Standing.IN_FORCE


@pytest.mark.any_database
def test_a_post_goes_on_where_what_was_learned_cannot_be_applied(tame, decided, monkeypatch, caplog):
    decided(rows(400))
    versions.tend()
    assert "+learned/" in asking.ask([Asked(f"Some {RUDE[0]} words")])[0].scores.model
    monkeypatch.setattr(learning.Learned, "apply", lambda *given: [][1])
    said = asking.ask([Asked("Some secret words")])[0]
    assert said.scores.model == Tame.name
    assert "IndexError" in caplog.text and "secret" not in caplog.text


def test_off_is_off(tame, decided):
    decided(rows(300))
    versions.tend()
    before = value("You Wokester.")
    Use.objects.update_or_create(pk=1, defaults={"learns": False})
    assert value("You Wokester.") < before
    decided(rows(300, seed=2))
    versions.tend()
    assert Version.objects.count() == 1


# --- Which decisions count --------------------------------------------------------------------------------------------


def codes():
    return {(comment, code): weight for comment, code, weight in lessons.recipe()}


def test_only_what_words_show_is_learned_from(decided):
    fine, abuse = decided([("a", False), ("b", True)])
    spam = decided([("c", True)], reason="spam")[0]
    decided([("d", True)], reason="irrelevant")
    decided([("e", True)], reason="false")
    decided([("f", True)], source=Source.RULE)
    assert codes() == {(fine.pk, "fine"): 1.0, (abuse.pk, "abuse"): 1.0, (spam.pk, "spam"): 1.0}


def test_the_last_word_counts(decided, moderator):
    comment = decided([("a", True)])[0]
    Decision.objects.create(
        comment=comment, number=2, moderator=moderator, source=Source.APPEAL, seen="rejected", after="published",
        reason="fine",
    )  # fmt: skip
    assert codes() == {(comment.pk, "fine"): 1.0}


def test_what_was_undone_was_not_said(decided, moderator):
    comment = decided([("a", False)])[0]
    wrong = Decision.objects.create(
        comment=comment, number=2, moderator=moderator, seen="published", after="rejected", reason="abusive"
    )
    Decision.objects.create(
        comment=comment, number=3, moderator=moderator, source=Source.UNDO, seen="rejected", after="published",
        reason="", undoes=wrong,
    )  # fmt: skip
    assert codes() == {(comment.pk, "fine"): 1.0}


def test_an_echo_and_a_crowd_weigh_less(decided):
    seen = decided([("a", False)])[0]
    DecisionScore.objects.create(decision=seen.decisions.get(), model="tame/1", shown=True)
    crowd = decided([("b", False)], source=Source.BULK)[0]
    assert codes() == {(seen.pk, "fine"): 0.5, (crowd.pk, "fine"): 0.5}


def test_a_blind_vote_counts_and_another_opinion_does_not(decided, moderator, reader):
    comment = decided([("a", True)], reason="irrelevant")[0]
    Opinion.objects.create(comment=comment, moderator=moderator, after="rejected", reason="abusive", is_blind=True)
    Opinion.objects.create(comment=comment, moderator=reader, after="published")
    assert codes() == {(comment.pk, "abuse"): 1.0}


def test_words_that_are_others_by_now_were_not_decided_about(decided):
    edited, withdrawn, wordless, _ = decided([("a", False), ("b", False), ("c", False), ("d", False)])
    Comment.objects.filter(pk=edited.pk).update(edited_at=clock.now() + timedelta(minutes=1))
    Comment.objects.filter(pk=withdrawn.pk).update(status=Status.WITHDRAWN)
    Comment.objects.filter(pk=wordless.pk).update(body="")
    assert len(codes()) == 1


def test_a_score_that_is_wrong_for_a_name_is_a_lesson_unless_it_was_abuse(decided):
    fine, abuse = decided([("a", False), ("b", True)])
    for comment in (fine, abuse):
        Misread.objects.create(comment=comment)
    assert codes()[(fine.pk, "misread")] == 3.0
    assert (abuse.pk, "misread") not in codes()


# --- Forgetting -------------------------------------------------------------------------------------------------------


def test_an_erased_comment_was_never_there_in_any_kept_version(tame, decided):
    made = decided(rows(400))
    versions.tend()
    decided(rows(60, seed=2), at=clock.now() + timedelta(seconds=1))
    versions.tend()
    gone = made[8]
    states = {each.number: bytes(each.state) for each in Version.objects.all()}
    Comment.objects.filter(pk=gone.pk).update(body="", html="")
    Score.objects.filter(comment=gone).delete()
    versions.forget(asking.loaded())
    key = bytes(Learning.now().key)
    for version in Version.objects.all():
        recipe = unpacked(bytes(version.packed))
        assert gone.pk not in {comment for comment, _, _ in recipe}
        assert bytes(version.state) != states[version.number]
        again = learning.learn(lessons.examples(recipe, "tame/1", key), "tame/1")
        assert bytes(version.state) == again.to_bytes()
        assert version.name == f"learned/{version.number}.1"
    assert versions.forget(asking.loaded()) == 0


def test_the_next_replay_is_as_if_an_erased_comment_had_never_been_there(tame, decided):
    made = decided(rows(400))
    versions.tend()
    recipe = [lesson for lesson in unpacked(bytes(Version.objects.get().packed)) if lesson[0] != made[8].pk]
    never = learning.learn(lessons.examples(recipe, "tame/1", bytes(Learning.now().key)), "tame/1")
    Comment.objects.filter(pk=made[8].pk).update(body="", html="")
    versions.tend()
    assert bytes(Version.objects.get(standing=Standing.IN_FORCE).state) == never.to_bytes()


# --- Refusing, going back ---------------------------------------------------------------------------------------------


@pytest.mark.any_database
def test_what_got_worse_is_refused_with_its_reason(tame, decided):
    decided(rows(600))
    versions.tend()
    text = "You are a Wokester and nothing more."
    before = value(text)
    key = bytes(Learning.now().key)
    decided([(text, not bad) for text, bad in rows(900, seed=5) if not learning.is_kept_aside(text, key)])
    versions.tend()
    version = Version.objects.order_by("number").last()
    assert (version.standing, version.reason, version.state) == (Standing.REFUSED, "lower", None)
    assert version.about["now"] < version.about["before"]
    assert value(text) == before


@pytest.mark.any_database
def test_what_would_hold_sentences_for_who_somebody_is_is_refused(tame, decided):
    said = [sentence for term in TERMS for _, sentence in cases.said_of(term)]
    random.Random(1).shuffle(said)
    mixed = [(text, True) for text in said[:300]] + [(text, False) for text, bad in rows(600) if not bad]
    random.Random(2).shuffle(mixed)
    decided(mixed)
    version = versions.learn(asking.loaded())
    assert (version.standing, version.reason) == (Standing.REFUSED, "term")
    assert version.about["share"] > 0.1


@pytest.mark.any_database
def test_another_language_is_learned_though_the_model_does_not_know_it(tame, decided):
    rude = ["Schnarchnase", "Dummbeutel", "Pfeife", "Trottel"]
    decided(rows(400, GERMAN, rude))
    assert value("Der Rat ist eine Schnarchnase und hat die Schule vergessen") is None
    versions.tend()
    assert [each.reason for each in Version.objects.all()] == [""]
    bad = value("Der Rat ist eine Schnarchnase und hat die Schule vergessen")
    assert bad > value("Die Straße ist gut und der Rat hat nicht vergessen") + 0.2


@pytest.mark.any_database
def test_five_versions_are_kept_and_one_goes_back_to_any(tame, decided, supervisor):
    decided(rows(300))
    versions.tend()
    for number in range(2, 7):  # as if it had been learned anew as often
        learned = Version.objects.get(number=1)
        learned.pk, learned.number, learned.standing = None, number, Standing.KEPT
        learned.save()
    decided(rows(40, seed=2))
    versions.tend()
    kept = Version.objects.exclude(standing=Standing.REFUSED).order_by("-number")
    assert kept.count() == 5
    old = kept.exclude(standing=Standing.IN_FORCE)[0]
    left = Version.objects.get(standing=Standing.IN_FORCE)
    go_back(by=supervisor, version=old)
    assert Version.objects.get(standing=Standing.IN_FORCE) == old
    assert Version.objects.get(pk=left.pk).standing == Standing.LEFT
    assert Learning.now().by_hand


@pytest.mark.any_database
def test_what_was_left_by_hand_does_not_come_back_unless_it_is_better(tame, decided, supervisor):
    decided(rows(800))
    versions.tend()
    decided(rows(60, seed=2))
    versions.tend()
    old = Version.objects.get(number=1)
    go_back(by=supervisor, version=old)
    decided(rows(10, seed=3))
    versions.tend()
    assert Version.objects.get(standing=Standing.IN_FORCE) == old
    assert Version.objects.get(number=3).reason == "not better"


@pytest.mark.any_database
def test_a_base_model_that_changes_has_its_own_learned(tame, decided, monkeypatch):
    decided(rows(220))
    versions.tend()
    monkeypatch.setattr(Tame, "name", "tame/2")
    asking.set_asker(asking.Asker(Tame))
    assert asking.ask([Asked("You Wokester.")])[0].scores.model == "tame/2"
    versions.tend()
    assert Version.objects.get(standing=Standing.IN_FORCE).base == "tame/2"
    assert np.all([each.base for each in Version.objects.all()])


@pytest.mark.any_database
def test_what_was_learned_while_other_words_were_blanked_is_learned_anew(tame, decided, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(naming, "LANGUAGES", ("de",))
        decided(rows(300))
        versions.tend()
        assert asking.ask([Asked("You Wokester.")])[0].scores.model == "tame/1+learned/1"
    monkeypatch.setattr(applied, "_kept", (None, None))  # as in a process that begins
    assert asking.ask([Asked("You Wokester.")])[0].scores.model == "tame/1"
    versions.tend()
    assert asking.ask([Asked("You Wokester.")])[0].scores.model == "tame/1+learned/2"


# --- The pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def learned(tame, decided):
    """A version in force, one before it, and one that was refused."""
    decided(rows(300))
    versions.tend()
    decided(rows(60, seed=2))
    versions.tend()
    Version.objects.create(
        number=3,
        standing=Standing.REFUSED,
        base="tame/1",
        digest="x",
        reason="term",
        about={"term": "deaf", "share": 0.2},
    )


@pytest.mark.any_database
def test_supervisors_see_versions_and_their_figures_and_nobody_else_does(learned, client, supervisor, moderator):
    client.force_login(moderator)
    assert client.get("/moderation/scorer/learned/").status_code == 403
    client.force_login(supervisor)
    page = client.get("/moderation/scorer/learned/").content.decode()
    assert "Go back to this one" in page
    assert "It would hold 20% of harmless sentences that say “deaf”." in page
    assert "wokester" in page


def test_one_click_goes_back_and_it_is_in_the_record(learned, client, supervisor):
    client.force_login(supervisor)
    assert client.post("/moderation/scorer/learned/", {"version": "1"}).status_code == 302
    assert Version.objects.get(standing=Standing.IN_FORCE).number == 1
    change = Change.objects.get(what="learned")
    assert (change.by, change.before, change.after) == (supervisor, 2, 1)
    assert client.post("/moderation/scorer/learned/", {"version": "1"}).status_code == 409
    assert client.post("/moderation/scorer/learned/", {"version": "nonsense"}).status_code == 404


def test_to_begin_anew_is_to_go_by_the_scorer_as_it_came(learned, client, supervisor):
    client.force_login(supervisor)
    client.post("/moderation/scorer/learned/", {"act": "anew"})
    assert asking.ask([Asked("You Wokester.")])[0].scores.model == "tame/1"
    assert not lessons.recipe(Learning.now().since)
    assert Change.objects.filter(what="learned").exists()
    versions.tend()
    assert not Version.objects.filter(standing=Standing.IN_FORCE).exists()


@pytest.mark.any_database
def test_only_words_that_several_people_used_are_on_the_page(tame, decided):
    decided(
        [
            (text + " Xylophantia", bad) if bad and place < 12 else (text, bad)
            for place, (text, bad) in enumerate(rows(400))
        ]
    )
    decided([("You Quarrelmonger " + text, True) for text, _ in rows(4, seed=9)])
    versions.tend()
    shown = {word for some in Version.objects.get().words.values() for word, _ in some}
    assert "wokester" in shown
    assert not shown & {"xylophantia", "quarrelmonger"}


def test_a_moderator_says_that_a_score_is_wrong_for_a_name(learned, client, moderator, decided, reader, thread):
    comment = Comment.objects.filter(author=reader).first()
    client.force_login(moderator)
    assert "as-typed" in client.get(f"/moderation/scorer/misread/{comment.pk}/").content.decode()
    assert client.post(f"/moderation/scorer/misread/{comment.pk}/").status_code == 302
    assert Misread.objects.get().comment == comment
    assert Change.objects.filter(what="misread", about=str(comment.pk)).exists()


def test_thresholds_are_read_from_what_the_version_says_of_approved_comments(tame, decided):
    decided(rows(400))
    versions.tend()
    threshold = Threshold.objects.filter(model="tame/1+learned/1", kind="inappropriate", language="").last()
    assert threshold.comments == 300
    assert set(Score.objects.filter(comment__status="published").values_list("model", flat=True)) == {
        "tame/1+learned/1"
    }


@pytest.mark.any_database
def test_comments_without_a_score_of_this_model_are_scored_first(tame, decided):
    decided(rows(220))
    Score.objects.all().delete()
    versions.tend()
    assert Score.objects.count() == 220
    assert Version.objects.get().standing == Standing.IN_FORCE
