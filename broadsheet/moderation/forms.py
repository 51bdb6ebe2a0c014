"""What the pages of reports and of the desk send in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.discussion.models import Comment
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, Report, receipt_token
from broadsheet.moderation.rules import Screen

_FORM_KEYS = signing.Signer(salt="broadsheet.moderation.report")
NOTE = _("Note")


class NoteField(forms.Field):
    """Words a person typed, cleaned by the one cleaner; what it refuses is said in its own sentence.

    `what` is the field's name in that sentence, where it is not the label.
    """

    widget = forms.Textarea

    def __init__(self, *, what: str | Promise = "", **facts: Any) -> None:
        super().__init__(**facts)
        self.what = what or self.label or NOTE

    def clean(self, value: Any) -> str:
        try:
            return readable(value or "", most=LONGEST_NOTE, what=self.what)
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class ReportForm(forms.Form):
    """A reader's complaint. `key` is the receipt's name, so that the same form sent twice reports once."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[(reason.value, reason.label) for reason in COMPLAINTS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what is wrong with the comment."),
            "invalid_choice": _("Please choose what is wrong with the comment."),
        },
    )
    note = NoteField(label=_("Add a note for the editors (optional)"), what=NOTE, required=False)
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    key = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Please leave the field “Leave this field empty” empty: only programs fill it in.")
            )
        return ""


def new_key(comment: Comment) -> str:
    """A fresh receipt's name for a form about this comment, signed: nobody can choose one that is easily guessed."""
    return _FORM_KEYS.sign(f"{comment.pk} {receipt_token()}")


def token_in(key: str | None, comment: Comment) -> str | None:
    """The receipt's name in a form's key; None when the key was not made here for this comment."""
    try:
        pk, token = _FORM_KEYS.unsign(key or "").split(" ")
    except (signing.BadSignature, ValueError):
        return None
    longest = Report._meta.get_field("token").max_length or 0
    return token if pk == str(comment.pk) and len(token) <= longest else None


class ScreenForm(forms.Form):
    """What a moderator's screen showed of a comment, and the way back to their queue."""

    edited_at = forms.CharField(max_length=40, required=False)
    last_decision = forms.IntegerField(min_value=0, required=False)
    last_report = forms.IntegerField(min_value=0, required=False)
    queue = forms.CharField(max_length=10, required=False)
    narrowed = forms.CharField(max_length=400, required=False)  # the query of the queue's address
    cursor = forms.CharField(max_length=40, required=False)
    then = forms.IntegerField(min_value=0, max_value=2**62, required=False)

    def clean_edited_at(self) -> datetime | None:
        written = self.cleaned_data["edited_at"]
        try:
            return datetime.fromisoformat(written) if written else None
        except ValueError:
            raise forms.ValidationError("unreadable") from None

    @property
    def screen(self) -> Screen | None:
        """What the page showed; None from a caller that did not say."""
        facts = self.cleaned_data
        if facts["last_decision"] is None or facts["last_report"] is None:
            return None
        return Screen(facts["edited_at"], facts["last_decision"], facts["last_report"])

    @property
    def sentence(self) -> str:
        """What to tell somebody whose form could not be read."""
        for name in ("note", "told"):
            if errors := self.errors.get(name):
                return str(errors[0])
        return gettext("That form was incomplete. Here is the comment as it is now; please decide again.")


class DecisionForm(ScreenForm):
    """One act of a moderator.

    Whether the act exists and has its reason is for `decide` to say; here only the shape is read.
    """

    seen = forms.CharField(max_length=10)
    after = forms.CharField(max_length=10)
    reason = forms.CharField(max_length=12, required=False)
    note = NoteField(label=_("Desk note"), required=False)
    told = NoteField(label=_("Note to the author"), required=False)
    canned = forms.CharField(max_length=20, required=False)


class PickForm(ScreenForm):
    """An editor's pick, its taking back, or that it is none."""

    pick = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no"), ("over", "over")])


class LockForm(ScreenForm):
    """Replies closed, or opened again."""

    lock = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class UndoForm(ScreenForm):
    """Which decision is to be undone, by its row's number."""

    decision = forms.IntegerField(min_value=1, max_value=2**62)


class HoldForm(ScreenForm):
    """A card taken (or taken over) or put back."""

    hold = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class AskForm(ScreenForm):
    """A second opinion asked for, or needed no more."""

    ask = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    note = NoteField(required=False)


class OpinionForm(ScreenForm):
    """What one would do with a comment."""

    opinion = forms.CharField(max_length=10)
    reason = forms.CharField(max_length=12, required=False)
    note = NoteField(required=False)
