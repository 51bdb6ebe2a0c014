"""Bringing comments to the news desk, and what the desk makes of them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Stale, Unacceptable, refuse_if
from broadsheet.core.text import is_blank, readable
from broadsheet.discussion.models import Comment
from broadsheet.newsdesk import rules
from broadsheet.newsdesk.models import LONGEST, WAITING, Correction, Lead, State, Step, Thanks
from broadsheet.notifications.actions import notify
from broadsheet.notifications.models import Kind
from broadsheet.stories.actions import add_notice, draft_notice
from broadsheet.stories.models import Notice, Story
from broadsheet.stories.rules import is_drafted


def send_to_desk(*, moderator: Reader, comment: Comment, claim: str, note: str = "") -> Correction:
    """Bring a comment to the correction desk: `claim` is what in the story is said to be wrong.

    Sent twice, there is one. Raises Refused, Unacceptable.
    """
    refuse_if(rules.why_not_send(moderator, comment))
    claim = readable(claim, most=LONGEST, what=_("Claim"))
    if is_blank(claim):
        raise Unacceptable(_("Please say what in the story is said to be wrong."))
    note = readable(note, most=LONGEST, what=_("Note"))
    with transaction.atomic():
        held = Comment.objects.select_for_update().get(pk=comment.pk)
        if waiting := Correction.objects.filter(comment=held, state__in=WAITING).first():
            return waiting
        made = Correction.objects.create(comment=held, story_id=held.thread_id, claim=claim)
        _keep(made, Step.Act.SENT, moderator, note)
    return made


def take(*, by: Reader, correction: Correction) -> Correction:
    """Make a correction one's own. Raises Refused; Stale where it is settled."""
    refuse_if(rules.why_not_work_on(by))
    with transaction.atomic():
        held = _waiting(correction)
        if held.owner_id != by.pk:
            held.owner = by
            held.save(update_fields=["owner"])
            _keep(held, Step.Act.TAKEN, by)
    return held


def note(*, by: Reader, correction: Correction, text: str) -> Step:
    """Keep a note for colleagues. Raises Refused, Unacceptable."""
    refuse_if(rules.why_not_work_on(by))
    words = readable(text, most=LONGEST, what=_("Note"))
    if is_blank(words):
        raise Unacceptable(_("There is nothing in the note yet."))
    return _keep(correction, Step.Act.NOTED, by, words)


def accept(*, by: Reader, correction: Correction, kind: str, text: str, publish: bool = False) -> Correction:
    """Agree that the story is wrong: its notice goes into the story's draft, to be published with what is put right.

    With `publish` the notice alone is published at once. In either case the rules of stories apply, and the correction
    is published when the notice is. Raises Refused, Unacceptable, Stale.
    """
    refuse_if(rules.why_not_settle(by, correction))
    if kind not in {Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION}:
        raise Unacceptable(_("Please choose a correction or a clarification."))
    with transaction.atomic():
        held = _waiting(correction)
        if held.state == State.ACCEPTED:
            raise Stale(_("A colleague has accepted this correction already: its notice is in the story’s draft."))
        held.state, held.owner = State.ACCEPTED, held.owner or by
        held.save(update_fields=["state", "owner"])
        _keep(held, Step.Act.ACCEPTED, by)
        put = add_notice if publish else draft_notice
        put(story=held.story, kind=kind, text=text, by=by, thanks_to=held.comment_id)
        held.refresh_from_db()
    return held


def decline(*, by: Reader, correction: Correction, note: str = "", told: str = "") -> Correction:
    """Leave the story as it is. The comment's author hears of it only where `told` has words for them.

    Raises Refused, Unacceptable, Stale.
    """
    refuse_if(rules.why_not_settle(by, correction))
    note = readable(note, most=LONGEST, what=_("Note"))
    told = readable(told, most=LONGEST, what=_("Answer"))
    told = "" if is_blank(told) else told
    with transaction.atomic():
        held = _waiting(correction)
        held.state, held.told, held.settled_at = State.DECLINED, told, clock.database_now()
        held.save(update_fields=["state", "told", "settled_at"])
        _keep(held, Step.Act.DECLINED, by, note)
        if told:
            notify(reader=held.comment.author, kind=Kind.CORRECTION, comment=held.comment, by=by)
    return held


def published(notice: Notice) -> None:
    """A listener of stories (setting NOTICE_LISTENERS): what a comment led to stands on the story now."""
    if Correction.objects.filter(notice=notice.pk).exists():
        return  # told of before, as every publication of the story tells it
    rows = Correction.objects.select_for_update().filter(comment=notice.thanks_to or 0, story=notice.story_id)
    waiting = rows.filter(Q(state=State.ACCEPTED) | Q(state=State.OPEN, created_at__lte=notice.made_at)).first()
    declined = rows.filter(state=State.DECLINED, created_at__lte=notice.made_at).order_by("-pk")
    if held := waiting or declined.first():
        held.state, held.notice, held.settled_at = State.PUBLISHED, notice.pk, clock.database_now()
        held.save(update_fields=["state", "notice", "settled_at"])
        _keep(held, Step.Act.PUBLISHED, None)


def reopen_lost() -> int:
    """Open accepted corrections again whose notice is no longer in the story's draft; how many (a job, setting JOBS).

    Somebody has taken it out, or has saved the draft from a window that was open before it was written.
    """
    accepted = Correction.objects.filter(state=State.ACCEPTED).select_related("story").order_by("pk")
    return sum(_reopen(each) for each in accepted if not is_drafted(each.story, each.comment_id))


def _reopen(correction: Correction) -> bool:
    with transaction.atomic():
        held = Correction.objects.select_for_update().get(pk=correction.pk)
        if held.state != State.ACCEPTED or is_drafted(Story.objects.get(pk=held.story_id), held.comment_id):
            return False  # meanwhile
        held.state = State.OPEN
        held.save(update_fields=["state"])
        words = _("Its notice is not in the story’s draft any more, so the correction is open again.")
        _keep(held, Step.Act.NOTED, None, words)
    return True


def choose_thanks(*, reader: Reader, by_name: bool) -> Thanks:
    """Keep whether a reader wants to be thanked by name, and let it hold for what is published already."""
    with transaction.atomic():
        facts = {"by_name": by_name, "chosen_at": clock.now()}
        made = Thanks.objects.update_or_create(reader=reader, defaults=facts)[0]
        own = Comment.objects.filter(author=reader, corrections__isnull=False).values("pk")
        thanked = Notice.objects.filter(thanks_to__in=own).values("story")
        for story in Story.objects.filter(pk__in=thanked, live=True):
            story.touch()
    return made


def mark_lead(*, moderator: Reader, comment: Comment, note: str = "") -> Lead:
    """Tell a story's reporters of a comment. Sent twice, there is one. Raises Refused, Unacceptable."""
    refuse_if(rules.why_not_send(moderator, comment))
    note = readable(note, most=LONGEST, what=_("Note"))
    facts = {"story_id": comment.thread_id, "note": note, "marked_by": moderator}
    return Lead.objects.get_or_create(comment=comment, defaults=facts)[0]


def answer_lead(*, by: Reader, lead: Lead, answer: str) -> Lead:
    """Say what came of a lead; it may be said anew. Raises Refused, Unacceptable."""
    refuse_if(rules.why_not_answer(by, lead))
    if answer not in {Lead.Answer.TAKEN, Lead.Answer.USELESS}:
        raise Unacceptable(_("Please choose an answer."))
    lead.answer, lead.answered_by, lead.answered_at = answer, by, clock.now()
    lead.save(update_fields=["answer", "answered_by", "answered_at"])
    return lead


def _waiting(correction: Correction) -> Correction:
    """The correction as it is, held until the transaction ends. Raises Stale where it is settled."""
    held = Correction.objects.select_for_update().get(pk=correction.pk)
    if not held.is_waiting:
        sentence = _("A colleague was first. By now it is: %(state)s.")
        raise Stale(sentence % {"state": State(held.state).label})
    return held


def _keep(correction: Correction, act: Step.Act, by: Reader | None, note: str = "") -> Step:
    return Step.objects.create(correction=correction, act=act, by=by, note=note, at=clock.database_now())
