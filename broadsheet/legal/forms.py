"""What the pages of notices, appeals, holds and orders send in. Whether it holds is for the actions to say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable
from broadsheet.legal.codes import NOTICED
from broadsheet.legal.models import (
    LONGEST_APPEAL,
    LONGEST_EXPLANATION,
    LONGEST_FACTS,
    LONGEST_GROUND,
    Hold,
    Notice,
    Order,
)
from broadsheet.moderation.models import COMPLAINTS, LONGEST_NOTE, receipt_token

_KEYS = signing.Signer(salt="broadsheet.legal.notice")


class Words(forms.Field):
    """Words a person typed, cleaned by the one cleaner; what it refuses is said in its own sentence."""

    def __init__(self, *, most: int, lines: bool = True, **facts: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}) if lines else forms.TextInput, **facts)
        self.most, self.lines = most, lines
        self.widget.attrs |= {"dir": "auto", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        try:
            found = readable(value or "", most=self.most, what=self.label or "", lines=self.lines)
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"])
        return found


class NoticeForm(forms.Form):
    """A notice of illegal content. `key` is the receipt's name, so that the same form sent twice gives one notice."""

    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Choose…")), *((each.value, each.label) for each in NOTICED)],
        required=False,
    )
    legal_ground = Words(
        label=_("Which law does it break, if you know?"), most=LONGEST_GROUND, lines=False, required=False
    )
    explanation = Words(label=_("Why is it against the law?"), most=LONGEST_EXPLANATION, required=False)
    is_danger = forms.BooleanField(label=_("Somebody’s life or safety is in danger"), required=False)
    name = Words(label=_("Your name"), most=120, lines=False, required=False)
    email = forms.CharField(label=_("Your e-mail address"), required=False, max_length=254)
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I say here is accurate and complete"), required=False
    )
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    key = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Please leave the field “Leave this field empty” empty: only programs fill it in.")
            )
        return ""


class AddressedNoticeForm(NoticeForm):
    """The same with the address of what it is about, for those who come from nowhere in particular."""

    address = forms.CharField(label=_("The address of the comment, or of the reader’s page"), max_length=500)
    field_order = ["address"]


def new_key() -> str:
    """A fresh receipt's name, signed: nobody can choose one that is easily guessed."""
    return _KEYS.sign(receipt_token())


def token_in(key: str | None) -> str | None:
    """The receipt's name in a form's key; None when the key was not made here."""
    try:
        token = _KEYS.unsign(key or "")
    except signing.BadSignature:
        return None
    return token if len(token) <= (Notice._meta.get_field("token").max_length or 0) else None


class AppealForm(forms.Form):
    """Why a decision should be changed."""

    words = Words(label=_("Why should the decision be changed?"), most=LONGEST_APPEAL, required=False)


class AppealDecisionForm(forms.Form):
    """What came of an appeal."""

    upheld = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    answer = Words(label=_("Answer"), most=LONGEST_NOTE, required=False)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose…")), *((each.value, each.label) for each in COMPLAINTS)],
        required=False,
    )


class HoldForm(forms.Form):
    """A legal hold, or what is changed about one."""

    why = forms.ChoiceField(label=_("Why?"), choices=Hold.Why.choices)
    effect = forms.ChoiceField(label=_("What does it do?"), choices=Hold.Effect.choices)
    owner = forms.ModelChoiceField(label=_("Owner, who is reminded"), queryset=Reader.objects.none())
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = Words(label=_("Desk note"), most=LONGEST_NOTE, required=False)

    def __init__(self, *args: Any, owners: Any, changing: bool = False, whole: bool = True, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if changing:
            del self.fields["why"], self.fields["effect"]
        elif whole:
            self.fields["why"].choices = [pair for pair in Hold.Why.choices if pair[0] != Hold.Why.ORDER]  # type: ignore[attr-defined]
        else:
            del self.fields["effect"]

    @property
    def expires_at(self) -> datetime:
        """The end of the last day on the newsroom's clock."""
        return end_of(self.cleaned_data["until"])


class FlaggerForm(forms.Form):
    """A trusted flagger to be put on the list."""

    name = Words(label=_("Name"), most=120, lines=False)
    email = forms.EmailField(label=_("E-mail address of their account"))


class OrderForm(forms.Form):
    """An order by an authority."""

    kind = forms.ChoiceField(label=_("Kind of order"), choices=Order.Kind.choices)
    authority = Words(label=_("Authority"), most=200, lines=False)
    reference = Words(label=_("Reference"), most=120, lines=False)
    language = Words(label=_("Language"), most=60, lines=False, required=False)
    received_at = forms.DateTimeField(
        label=_("Received"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    scope = Words(label=_("What it is about, and where it holds"), most=LONGEST_NOTE)
    given = Words(label=_("What was done and answered"), most=LONGEST_FACTS, required=False)
    is_answered = forms.BooleanField(label=_("It has been answered"), required=False)


class ExportForm(forms.Form):
    """Which statements of reasons to export, and how."""

    start = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    how = forms.ChoiceField(label=_("File"), choices=[("jsonl", "JSON Lines"), ("csv", "CSV")])

    @property
    def period(self) -> tuple[datetime, datetime]:
        """From the first day's midnight to the last day's end, on the newsroom's clock."""
        first = datetime.combine(self.cleaned_data["start"], time(), tzinfo=clock.newsroom_zone())
        return first, end_of(self.cleaned_data["end"])


def end_of(day: date) -> datetime:
    """The end of a day on the newsroom's clock."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.newsroom_zone())
