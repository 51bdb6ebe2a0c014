"""Learning anew from the decisions, and which version is in force.

What was learned is replayed from the list of lessons, measured on those kept aside, and put in force where it is not
worse. A kept version is its list and what came of it: when words on the list are deleted, it is replayed without them.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django_tasks import task

from broadsheet.core import clock
from broadsheet.scores import asking
from broadsheet.scores.learning import applied, freshened, lessons, words
from broadsheet.scores.learning.models import Learning, Recipe, Standing, Version, packed, unpacked
from broadsheet.scores.models import Use
from broadsheet.scoring import learning
from broadsheet.scoring.answers import Scorer
from broadsheet.scoring.learning import Learned
from broadsheet.scoring.measuring import decided

EVERY = 50  # decisions
KEPT = 5  # versions: the two newest, and of the days before the newest of each
REFUSED_KEPT = 10
LOST = timedelta(minutes=30)  # whoever was at it so long ago has died


@task()
def learn_now() -> None:
    """After so many decisions: see `tend`."""
    tend()


def tend() -> None:
    """The nightly job: forget deleted words, then learn from what was decided. Nothing where somebody is at it."""
    if not asking.is_on() or not _take():
        return
    try:
        scorer = asking.loaded()
        if scorer is not None:
            forget(scorer)
            if Use.now().learns:
                learn(scorer)
            freshened.freshen(scorer.name)
    finally:
        Learning.objects.filter(pk=1).update(taken_at=None)


def _take() -> bool:
    Learning.now()
    free = Q(taken_at=None) | Q(taken_at__lt=clock.now() - LOST)
    return bool(Learning.objects.filter(free, pk=1).update(taken_at=clock.now()))


# --- Learning ---------------------------------------------------------------------------------------------------------


def learn(scorer: Scorer) -> Version | None:
    """Learn from all that counts by now; None where that is too little, or what the last version was learned from."""
    how = Learning.now()
    recipe = lessons.scored(lessons.recipe(how.since), scorer.name)
    digest = _digest(recipe, scorer)
    last = Version.objects.order_by("-number").first()
    if last is not None and last.digest == digest:
        return None
    examples = lessons.examples(recipe, scorer.name, bytes(how.key))
    learned = learning.learn(examples, scorer.name)
    if not learned.is_enough(learning.INAPPROPRIATE):
        return None
    before = Version.objects.filter(standing=Standing.IN_FORCE, base=scorer.name).first()
    loaded = applied.load(before) if before else None
    verdict = decided.judge(
        examples, learned, loaded.learned if loaded else None, scorer, must_be_better=how.by_hand and loaded is not None
    )
    version = Version(
        number=(Version.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        standing=Standing.REFUSED if verdict.reason else Standing.KEPT,
        base=scorer.name,
        digest=digest,
        figures=verdict.figures,
        reason=verdict.reason,
        about=verdict.about,
    )
    if not verdict.reason:
        version.state, version.packed = learned.to_bytes(), packed(recipe)
        version.words = words.told(learned, {comment for comment, _, _ in recipe})
    with transaction.atomic():
        version.save()
        if not verdict.reason:
            put_in_force(version, by_hand=False)
        _drop_old()
    return version


def _digest(recipe: Recipe, scorer: Scorer) -> str:
    return hashlib.sha256(f"{scorer.name} {learning.FORMAT} {learning.hashing()} {recipe}".encode()).hexdigest()


@task()
def freshen_now() -> None:
    """After a person has put another version in force."""
    if scorer := asking.loaded():
        freshened.freshen(scorer.name)


@transaction.atomic
def put_in_force(version: Version, *, by_hand: bool) -> None:
    """Let a version answer from now on; the one before it is kept."""
    after = Standing.LEFT if by_hand else Standing.KEPT
    Version.objects.filter(standing=Standing.IN_FORCE).exclude(pk=version.pk).update(standing=after)
    Version.objects.filter(pk=version.pk).update(standing=Standing.IN_FORCE)
    version.standing = Standing.IN_FORCE
    Learning.objects.filter(pk=1).update(by_hand=by_hand)


def _drop_old() -> None:
    """Keep what is in force and the newest; of the days before the newest of each, so that five reach back for days."""
    versions = list(Version.objects.exclude(standing=Standing.REFUSED).defer("state", "packed").order_by("-number"))
    first = [each for each in versions if each.standing == Standing.IN_FORCE] + versions[:2]
    days: dict[object, Version] = {}
    for each in versions:
        days.setdefault(clock.in_newsroom(each.made_at).date(), each)
    wanted = list(dict.fromkeys([*(each.pk for each in first), *(each.pk for each in days.values()),
                                 *(each.pk for each in versions)]))[:KEPT]  # fmt: skip
    Version.objects.exclude(standing=Standing.REFUSED).exclude(pk__in=wanted).delete()
    refused = Version.objects.filter(standing=Standing.REFUSED).order_by("-number").values_list("pk", flat=True)
    Version.objects.filter(pk__in=list(refused[REFUSED_KEPT:])).delete()


# --- Forgetting -------------------------------------------------------------------------------------------------------


def forget(scorer: Scorer) -> int:
    """Make every kept version anew that was learned from words which are deleted, taken back or edited since.

    Whether it is better or worse for it is not asked. One that belongs to another model cannot be made anew; it goes.
    """
    return sum(_forget(version, scorer) for version in Version.objects.exclude(standing=Standing.REFUSED))


def _forget(version: Version, scorer: Scorer) -> bool:
    recipe = unpacked(bytes(version.packed or b""))
    there = lessons.still_there({comment for comment, _, _ in recipe}, version.made_at)
    left = [lesson for lesson in recipe if lesson[0] in there]
    if len(left) == len(recipe):
        return False
    if version.base != scorer.name:
        version.delete()
        return True
    examples = lessons.examples(left, scorer.name, bytes(Learning.now().key))
    learned: Learned = learning.learn(examples, scorer.name)
    version.state, version.packed = learned.to_bytes(), packed(left)
    version.words = words.told(learned, there)
    version.remade += 1
    version.save(update_fields=["state", "packed", "words", "remade"])
    return True
