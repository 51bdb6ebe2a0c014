"""What the scorer's page sends in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.scores.models import Kind, Lateness, State, Use

_STATE_HELP = gettext_lazy(
    "On trial, a high score is noted and orders the queue. On, it holds the comment. No score rejects one."
)


class UseForm(forms.Form):
    """How scores are used. Shares are in percent here, as people say them, and of a thousand in the table."""

    inappropriate = forms.ChoiceField(
        label=gettext_lazy("Comments that may be inappropriate"),
        choices=State.choices,
        widget=forms.RadioSelect,
        help_text=_STATE_HELP,
    )
    spam = forms.ChoiceField(
        label=gettext_lazy("Comments that may be spam"), choices=State.choices, widget=forms.RadioSelect
    )
    false_alarms = forms.DecimalField(
        label=gettext_lazy("False alarms, in percent of approved comments"),
        min_value=0,
        max_value=50,
        decimal_places=1,
        help_text=gettext_lazy("So many of the comments that you approved have a score above the threshold."),
    )
    fixed_inappropriate = forms.FloatField(
        label=gettext_lazy("A threshold of your own for inappropriate, from 0 to 1"),
        min_value=0.000001,
        max_value=1,
        required=False,
        help_text=gettext_lazy("Empty: the computed one counts."),
    )
    fixed_spam = forms.FloatField(
        label=gettext_lazy("A threshold of your own for spam, from 0 to 1"),
        min_value=0.000001,
        max_value=1,
        required=False,
        help_text=gettext_lazy("Empty: the computed one counts."),
    )
    when_late = forms.ChoiceField(
        label=gettext_lazy("A comment whose score is not there in time"),
        choices=Lateness.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It matters only where a score holds comments."),
    )
    nudges = forms.BooleanField(
        label=gettext_lazy("Ask readers once before they post what has a high score"), required=False
    )
    learns = forms.BooleanField(label=gettext_lazy("Learn from the decisions of this newsroom"), required=False)
    trickle = forms.DecimalField(
        label=gettext_lazy("Low scores that somebody reads all the same, in percent"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        help_text=gettext_lazy("Drawn by lot among published comments, so that you learn what the scorer misses."),
    )

    @classmethod
    def showing(cls, use: Use) -> UseForm:
        """The form with what is so now."""
        known = {name: getattr(use, name) for name in cls.base_fields}
        return cls(initial=known | {"false_alarms": use.false_alarms / 10, "trickle": use.trickle / 10})

    def clean_false_alarms(self) -> int:
        """Of a thousand, one at least."""
        return max(1, int(self.cleaned_data["false_alarms"] * 10))

    def clean_trickle(self) -> int:
        """Of a thousand."""
        return int(self.cleaned_data["trickle"] * 10)

    @property
    def facts(self) -> dict[str, Any]:
        """For the action."""
        return dict(self.cleaned_data)


class TryForm(forms.Form):
    """Another threshold, only to see what it would have held: by its false alarms, or a number."""

    kind = forms.ChoiceField(label=pgettext_lazy("a score", "Score"), choices=Kind.choices)
    false_alarms = forms.DecimalField(
        label=gettext_lazy("False alarms, in percent of approved comments"),
        min_value=0,
        max_value=50,
        decimal_places=1,
        required=False,
    )
    threshold = forms.FloatField(
        label=gettext_lazy("or a threshold, from 0 to 1"), min_value=0, max_value=1, required=False
    )
