"""The page about what was learned here, for supervisors, and the moderators' mark that a score is wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from broadsheet.core.refusals import NotFound, Refused
from broadsheet.discussion.models import Comment
from broadsheet.moderation import rules
from broadsheet.moderation.doors import asker, desk_page, moderators_only, supervisors_only
from broadsheet.scores.learning import actions, lessons
from broadsheet.scores.learning.models import Learning, Misread, Standing, Version
from broadsheet.scores.learning.telling import told
from broadsheet.scores.learning.versions import EVERY
from broadsheet.scores.models import Use
from broadsheet.scoring.learning import FEWEST, FEWEST_REJECTED


@supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def learned(request: HttpRequest) -> HttpResponse:
    """The versions, what they rest on, and why some were refused; one click goes back, or begins anew."""
    if request.method != "POST":
        return _page(request)
    try:
        _act(request)
    except Refused as refusal:
        return _page(request, refusal=refusal, status=refusal.status)
    return redirect("scores:learned")


def _act(request: HttpRequest) -> None:
    """Do what a button of the page asks for."""
    by = asker(request)
    if request.POST.get("act") == "anew":
        actions.start_anew(by=by)
        messages.success(
            request, _("The scorer goes by what it came with, and learns from what is decided from now on.")
        )
        return
    number = request.POST.get("version", "")
    version = Version.objects.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None
    if version is None:
        raise NotFound(_("There is no such version, or it is not kept any more."))
    actions.go_back(by=by, version=version)
    messages.success(request, _("Version %(number)s is in force.") % {"number": version.number})


def _page(request: HttpRequest, *, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    versions = list(Version.objects.defer("state", "packed").order_by("-number"))
    now = next((each for each in versions if each.standing == Standing.IN_FORCE), None)
    counts = [code for _comment, code, _weight in lessons.recipe(Learning.now().since)]
    context = {
        "learns": Use.now().learns,
        "now": told(now) if now else None,
        "versions": [told(each) for each in versions if each.standing != Standing.REFUSED],
        "refused": [told(each) for each in versions if each.standing == Standing.REFUSED],
        "by_hand": Learning.now().by_hand,
        "decisions": len(counts),
        "rejected": counts.count("abuse"),
        "spam": counts.count("spam"),
        "fewest": FEWEST,
        "fewest_rejected": FEWEST_REJECTED,
        "every": EVERY,
        "refusal": refusal,
    }
    return desk_page(request, "scores/learned.html", context, tab="scorer", status=status)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def misread(request: HttpRequest, pk: int) -> HttpResponse:
    """A moderator says that a comment's score is wrong because of a name or a word for who somebody is."""
    comment = Comment.objects.with_story().filter(pk=pk).exclude(body="").first()
    if comment is None:
        raise NotFound(_("There is no such comment."))
    if why := rules.why_not_see(asker(request), comment):
        raise Refused(why)
    context = {"comment": comment, "is_said": Misread.objects.filter(comment=comment).exists()}
    if request.method != "POST":
        return desk_page(request, "scores/misread.html", context, tab="scorer")
    try:
        actions.mark_misread(by=asker(request), comment=comment)
    except Refused as refusal:
        return desk_page(
            request, "scores/misread.html", {**context, "refusal": refusal}, tab="scorer", status=refusal.status
        )
    messages.success(request, _("Thank you. The scorer learns from it."))
    return redirect("moderation:comment", pk)
