"""The preferences form."""

from __future__ import annotations

from typing import Any

from django import forms

from broadsheet.notifications.models import How, Kind


class PreferencesForm(forms.Form):
    """For each kind of thing: at once, once a day, never."""

    def __init__(self, *args: Any, chosen: dict[Kind, How], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in chosen:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=How.choices, widget=forms.RadioSelect, initial=chosen[kind]
            )

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What was chosen, kind by kind."""
        return [(name, self.cleaned_data[name]) for name in self.fields]
