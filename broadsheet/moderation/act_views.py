"""What a moderator does with one comment: each act is a form of its card, and answers a script in JSON too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.middleware import wants_json
from broadsheet.core.refusals import NotFound, Refused, Unacceptable
from broadsheet.discussion.models import Comment
from broadsheet.moderation import actions, canned, claims, opinions, queues, rules, undoing
from broadsheet.moderation.answers import state_of
from broadsheet.moderation.doors import asker, desk_page, moderators_only
from broadsheet.moderation.forms import (
    AskForm,
    DecisionForm,
    HoldForm,
    LockForm,
    OpinionForm,
    PickForm,
    ScreenForm,
    UndoForm,
)
from broadsheet.moderation.models import Decision, Queue
from broadsheet.moderation.narrowing import Narrowed

Form = TypeVar("Form", bound=ScreenForm)
TYPED = ("note", "told", "reason", "canned")

DONE = {
    "approved": gettext_lazy("You approved the comment by %(name)s."),
    "rejected": gettext_lazy("You rejected the comment by %(name)s."),
    "kept": gettext_lazy("You kept the comment by %(name)s."),
    "restored": gettext_lazy("You restored the comment by %(name)s."),
    "held": gettext_lazy("You held the comment by %(name)s."),
    "reopened": gettext_lazy("You opened the decision about the comment by %(name)s again."),
    "picked": gettext_lazy("You picked the comment by %(name)s."),
    "unpicked": gettext_lazy("You took back the pick of the comment by %(name)s."),
    "passed over": gettext_lazy("You decided that the comment by %(name)s is no pick."),
    "locked": gettext_lazy("You closed the replies to the comment by %(name)s."),
    "unlocked": gettext_lazy("You opened the replies to the comment by %(name)s again."),
    "undone": gettext_lazy("You undid your decision about the comment by %(name)s."),
    "asked": gettext_lazy("You asked your colleagues about the comment by %(name)s."),
    "no longer asked": gettext_lazy("You need no second opinion about the comment by %(name)s any more."),
    "said": gettext_lazy("You said what you would do with the comment by %(name)s."),
    "taken": gettext_lazy("You hold the comment by %(name)s."),
    "put back": gettext_lazy("You put the comment by %(name)s back."),
}


class Done(NamedTuple):
    """What an act came to: its word in DONE, the decision if it made one, and whether the card stays where it is."""

    word: str
    decision: Decision | None = None
    stays: bool = False


@moderators_only
@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one comment: its words then and now, flags, reports, decisions, and what can be done."""
    return _comment_page(request, own_comment(request, pk))


@moderators_only
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card as a queue shows it, without a page around it: for a script that puts it in place of an older one."""
    made, place = queues.card(own_comment(request, pk), asker(request)), _place(request)
    can_choose = place["queue"] in Queue.values  # as on the queue's page
    context = {"card": made, "canned": canned.texts(), "is_fragment": True, "can_choose": can_choose, **place}
    return desk_page(request, "moderation/card.html", context)


def _place(request: HttpRequest) -> dict[str, Any]:
    queue = request.GET.get("queue", "")
    return {"queue": queue if queue in QUEUES else "", "cursor": request.GET.get("after", "")[:40]}


def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, reject, keep, hold or restore."""

    def act(moderator: Reader, about: Comment, form: DecisionForm) -> Done:
        facts = form.cleaned_data
        made = actions.decide(
            moderator=moderator,
            comment=about,
            seen=facts["seen"],
            after=facts["after"],
            reason=facts["reason"],
            note=facts["note"],
            told=canned.told(facts["canned"], facts["told"]),
            screen=form.screen,
        )
        return Done(made.act, made)

    return _act(request, pk, DecisionForm, act)


def picking(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an editor's pick on a comment, take it back, or say that it is none."""

    def act(moderator: Reader, about: Comment, form: PickForm) -> Done:
        do = {"yes": actions.pick, "no": actions.unpick, "over": actions.pass_over}[form.cleaned_data["pick"]]
        made = do(moderator=moderator, comment=about, screen=form.screen)
        return Done(made.act, made, stays=form.cleaned_data["queue"] != Queue.PICKS)

    return _act(request, pk, PickForm, act)


def locking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more replies to a comment and what is under it, or take them again."""

    def act(moderator: Reader, about: Comment, form: LockForm) -> Done:
        do = actions.lock if form.cleaned_data["lock"] == "yes" else actions.unlock
        made = do(moderator=moderator, comment=about)
        return Done(made.act, made, stays=True)

    return _act(request, pk, LockForm, act)


def undoing_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one's own latest decision."""

    def act(moderator: Reader, about: Comment, form: UndoForm) -> Done:
        found = about.decisions.select_related("comment").filter(pk=form.cleaned_data["decision"]).first()
        if found is None:
            raise NotFound(_("There is no such decision."))
        made = undoing.undo(moderator=moderator, decision=found)
        return Done(made.act, made, stays=True)

    return _act(request, pk, UndoForm, act)


def holding(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one card oneself, or put it back."""

    def act(moderator: Reader, about: Comment, form: HoldForm) -> Done:
        if form.cleaned_data["hold"] == "yes":
            claims.take_over(moderator=moderator, comment=about)
            return Done("taken", stays=True)
        claims.put_back(moderator=moderator, comments=[about.pk])
        return Done("put back", stays=form.cleaned_data["queue"] != "mine")

    return _act(request, pk, HoldForm, act)


def asking(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask colleagues for a second opinion, or need it no more."""

    def act(moderator: Reader, about: Comment, form: AskForm) -> Done:
        if form.cleaned_data["ask"] == "yes":
            opinions.ask(moderator=moderator, comment=about, note=form.cleaned_data["note"])
            return Done("asked")
        opinions.take_back(moderator=moderator, comment=about)
        return Done("no longer asked", stays=True)

    return _act(request, pk, AskForm, act)


def opining(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one would do, for the colleague who asked."""

    def act(moderator: Reader, about: Comment, form: OpinionForm) -> Done:
        facts = form.cleaned_data
        opinions.say(
            moderator=moderator,
            comment=about,
            after=facts["opinion"],
            reason=facts["reason"],
            note=facts["note"],
        )
        return Done("said")

    return _act(request, pk, OpinionForm, act)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def _act(
    request: HttpRequest, pk: int, shape: type[Form], act: Callable[[Reader, Comment, Form], Done]
) -> HttpResponse:
    """Do it and go back to the queue; when something stands in the way, show the comment as it is now."""
    if request.method != "POST":  # back from signing in
        return redirect("moderation:comment", pk)
    about = own_comment(request, pk)
    form = shape(request.POST)
    try:
        if not form.is_valid():
            raise Unacceptable(form.sentence)
        done = act(asker(request), about, form)
    except Refused as refusal:
        if wants_json(request):
            raise
        typed = {name: request.POST.get(name, "") for name in TYPED}
        return _comment_page(request, any_comment(pk), refusal=refusal, typed=typed)
    sentence = str(DONE[done.word]) % {"name": about.author_name}
    if wants_json(request):
        return JsonResponse(_answer(request, pk, sentence, done))
    messages.success(request, sentence, extra_tags=str(pk))
    return HttpResponseRedirect(_way_back(form, about, stay=done.stays))


def _answer(request: HttpRequest, pk: int, sentence: str, done: Done) -> dict[str, Any]:
    """What a script needs: the sentence, what the act was, the decision's number for its undoing, the card as it is."""
    return {
        "done": sentence,
        "act": done.word,
        "decision": done.decision.pk if done.decision else None,
        "card": state_of(queues.card(any_comment(pk), asker(request))),
    }


QUEUES = {*Queue.values, "mine", "asked", "talk"}  # where a form may have come from, by the name of its address


def _way_back(form: ScreenForm, about: Comment, *, stay: bool) -> str:
    """The queue the form came from, at its next card; with `stay` at the same one, for acts that leave it there."""
    facts = form.cleaned_data
    queue, then = facts["queue"], facts["then"]
    if queue not in QUEUES:
        return reverse("moderation:comment", args=[about.pk])
    address = reverse(f"moderation:{queue}", args=[about.thread_id] if queue == "talk" else [])
    query = address_query(facts["narrowed"], facts["cursor"])
    place = about.pk if stay else then
    return address + query + (f"#card-{place}" if place else "#queue")


def address_query(narrowed: str, cursor: str) -> str:
    """The query of a queue's address: what it is narrowed by, and the cursor of its page."""
    kept = Narrowed.read(QueryDict(narrowed).dict()).query
    parts = [part for part in (kept, f"after={cursor}" if _is_cursor(cursor) else "") if part]
    return f"?{'&'.join(parts)}" if parts else ""


def _is_cursor(written: str) -> bool:
    return bool(written) and written.isascii() and written.replace("-", "").isdigit()


def any_comment(pk: int) -> Comment:
    """The comment of that number with what a card shows of it. Raises NotFound."""
    found = queues.with_context(pk)
    if found is None:
        raise NotFound(_("There is no such comment."))
    return found


def own_comment(request: HttpRequest, pk: int) -> Comment:
    """The comment of that number, in a section that whoever asks looks after."""
    found = any_comment(pk)
    if why := rules.why_not_see(asker(request), found):
        raise Refused(why)
    return found


def _comment_page(
    request: HttpRequest, about: Comment, *, refusal: Refused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "card": queues.card(about, asker(request)),
        "canned": canned.texts(),
        "versions": about.versions.order_by("-pk"),
        "reports": queues.every_report(about),
        "is_public": about.is_public and about.thread.story.is_public(clock.now()),
        "refusal": refusal,
        "typed": typed or {},
    }
    return desk_page(request, "moderation/comment.html", context, status=refusal.status if refusal else 200)
