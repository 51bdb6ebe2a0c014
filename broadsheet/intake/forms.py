"""What the pages of rules and lists send in."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.intake.actions import LONGEST_MINUTES
from broadsheet.intake.kinds import Kind
from broadsheet.intake.listings import MOST_CHARACTERS, Read, read_lines
from broadsheet.intake.models import LONGEST_NAME, Asks, Listing, Rule
from broadsheet.moderation.models import COMPLAINTS
from broadsheet.stories.models import Section, Story

DRY_RUN = timedelta(days=30)


class StoryField(forms.CharField):
    """A story, by its number or its address; cleaned to its row."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(
            label=_STORY,
            max_length=300,
            required=False,
            help_text=gettext_lazy("Its number, or its address on this site."),
            **facts,
        )

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        found = re.search(r"(?:^|/stories/)([0-9]{1,15})(?:/|$)", written)
        story = Story.objects.filter(pk=int(found[1])).first() if found else None
        if story is None:
            raise forms.ValidationError(_("There is no such story."))
        return story


_STORY = gettext_lazy("Only under this story")


class RuleForm(forms.Form):
    """What every rule has; the settings of its kind are a form of their own beside it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    section = forms.ModelChoiceField(
        label=gettext_lazy("Only in this section"),
        queryset=Section.objects.none(),
        required=False,
        empty_label=gettext_lazy("Everywhere"),
    )
    story = StoryField()
    spares_staff = forms.BooleanField(
        label=gettext_lazy("Staff and the story's author are left out"), required=False, initial=True
    )
    asks_for = forms.ChoiceField(
        label=gettext_lazy("What happens with what it finds"),
        choices=Asks.choices,
        widget=forms.RadioSelect,
        initial=Asks.HOLD,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("If it rejects: the reason the author is told"),
        choices=[("", "–"), *((reason.value, reason.label) for reason in COMPLAINTS)],
        required=False,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes by which what it finds is looked at earlier"),
        min_value=0,
        max_value=LONGEST_MINUTES,
        initial=0,
        help_text=gettext_lazy(
            "It stands in its queue as if it had come in so much earlier. An hour has 60, a day 1440."
        ),
    )

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections, asks_for = self.fields["section"], self.fields["asks_for"]
        assert isinstance(sections, forms.ModelChoiceField)
        assert isinstance(asks_for, forms.ChoiceField)
        sections.queryset = Section.objects.order_by("position", "name")
        asks_for.choices = [(each, Asks(each).label) for each in kind.may_ask_for]
        if not kind.may_reject:
            del self.fields["reason"]

    @classmethod
    def showing(cls, kind: Kind, rule: Rule) -> RuleForm:
        """The form with what a rule is now."""
        names = ("name", "section", "spares_staff", "asks_for", "reason", "minutes")
        return cls(kind, initial={name: getattr(rule, name) for name in names} | {"story": rule.story_id or ""})


class SwitchForm(forms.Form):
    """A section or a story, and whether the rule is on there; `is_on` empty takes the switch away."""

    section = forms.ModelChoiceField(
        label=gettext_lazy("Section"), queryset=Section.objects.none(), required=False, empty_label="–"
    )
    story = StoryField()
    is_on = forms.ChoiceField(
        label=gettext_lazy("There"),
        choices=[
            ("on", pgettext_lazy("a rule's state", "On")),
            ("off", pgettext_lazy("a rule's state", "Off")),
            ("", gettext_lazy("As everywhere")),
        ],
        required=False,
        initial="off",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = self.fields["section"]
        assert isinstance(sections, forms.ModelChoiceField)
        sections.queryset = Section.objects.order_by("position", "name")
        self.fields["story"].label = gettext_lazy("or story")

    @property
    def turned(self) -> bool | None:
        return {"on": True, "off": False}.get(self.cleaned_data["is_on"])


class PeriodForm(forms.Form):
    """Days of the newsroom's calendar, the last one included."""

    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Until and with"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def of_a_month(cls) -> PeriodForm:
        """The last thirty days."""
        today = clock.in_newsroom(clock.now()).date()
        return cls(initial={"since": today - DRY_RUN, "until": today}, auto_id="period_%s")

    @property
    def since_moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["since"], time(), clock.newsroom_zone())

    @property
    def until_moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time(), clock.newsroom_zone())


class ListingForm(forms.Form):
    """A list's lines, typed, pasted or from a file. What was typed stays in its box whatever is wrong with it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=gettext_lazy("What is listed"), choices=Listing.Kind.choices)
    language = forms.CharField(
        label=gettext_lazy("Language (a note for your colleagues)"), max_length=LONGEST_NAME, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("What it is for, or why these names are protected"), max_length=300, required=False
    )
    lines = forms.CharField(
        label=gettext_lazy("One entry a line"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "dir": "auto"}),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "At most 50,000. A “*” at the end finds longer words too: “idiot*” also finds “idiotic”. A line that "
            "begins with “# ” is left out."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or add the lines of a text file"),
        required=False,
        help_text=gettext_lazy("UTF-8, 2 MB at most."),
    )
    leave_out = forms.BooleanField(label=gettext_lazy("Leave out lines that cannot be used"), required=False)

    def __init__(self, *args: Any, listing: Listing | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = Read([], [])
        if listing:
            self.fields["kind"].disabled = True

    @classmethod
    def showing(cls, listing: Listing) -> ListingForm:
        """The form with what a list is now."""
        names = ("name", "kind", "language", "note", "lines")
        return cls(initial={name: getattr(listing, name) for name in names}, listing=listing)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        text = cleaned["lines"] + "\n" + self._of_file()
        try:
            self.read = read_lines(cleaned["kind"], text)
        except Unacceptable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        if self.read.faults and not cleaned["leave_out"]:
            raise forms.ValidationError(
                _("%(n)s lines cannot be used; the first of them are named below. Mend them, or leave them out.")
                % {"n": len(self.read.faults)}
            )
        return cleaned

    def _of_file(self) -> str:
        file = self.cleaned_data.get("file")
        if not file:
            return ""
        if file.size > MOST_CHARACTERS:
            raise forms.ValidationError(_("That file is larger than 2 MB. Make two lists of it."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("That file is not UTF-8 text. Save it as UTF-8 and try again.")) from None


class TryForm(forms.Form):
    """A text to try the rules on."""

    text = forms.CharField(
        label=gettext_lazy("Try a text"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=5000,
        strip=False,
        required=False,
    )
