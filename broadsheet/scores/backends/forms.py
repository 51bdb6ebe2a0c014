"""What supervisors fill in about other scorers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from broadsheet.scores.backends import actions
from broadsheet.scores.backends.models import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_POLICY, Backend


class BackendForm(forms.Form):
    """Another scorer; what cannot be is the action's to say."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("What it is"), choices=Backend.Kind.choices, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("Of a language model’s server the address that ends with /v1 will do."),
    )
    language_model = forms.CharField(
        label=_("Language model"), max_length=100, required=False, help_text=_("The name its server knows it by.")
    )
    policy = forms.CharField(
        label=_("Your policy, as the language model is told it"),
        max_length=LONGEST_POLICY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "Left empty it is told a usual policy; the example of what is sent shows it. With another policy its "
            "numbers mean something else, so its threshold is found anew."
        ),
    )
    seconds = forms.FloatField(
        label=_("Seconds to wait for an answer"), min_value=actions.LEAST_SECONDS, max_value=actions.MOST_SECONDS
    )
    tells_story = forms.BooleanField(
        label=_("Send the story’s headline and first words, and the comment replied to"), required=False
    )
    is_on = forms.BooleanField(label=_("Switched on: readers’ comments are sent to it"), required=False)
    counts = forms.BooleanField(
        label=_("Its answer about what is inappropriate counts"),
        required=False,
        help_text=_("The newsroom’s own scorer counts until it has answered, and where it does not answer."),
    )

    @classmethod
    def showing(cls, backend: Backend | None) -> BackendForm:
        """The form as it is set, or as a new one begins."""
        if backend:
            return cls(initial=actions.facts_of(backend))
        return cls(initial={"kind": Backend.Kind.WEBHOOK, "seconds": 10, "tells_story": True})

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TryForm(forms.Form):
    """A text to try it with."""

    text = forms.CharField(
        label=_("A comment to try it with"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
