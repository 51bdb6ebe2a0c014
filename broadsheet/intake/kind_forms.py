"""What each kind of rule can be told; a rule's settings are what its kind's form has cleaned, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.core import outbound
from broadsheet.intake.models import Listing

MOST_LANGUAGES = 20


if TYPE_CHECKING:
    _Choices = forms.ModelMultipleChoiceField[Listing]
else:
    _Choices = forms.ModelMultipleChoiceField


class ListsField(_Choices):
    """Lists of one kind; cleaned to their numbers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, kind: str, **facts: Any) -> None:
        super().__init__(queryset=Listing.objects.none(), **facts)
        self._kind = kind

    def take_stock(self) -> None:
        """Offer the lists there are now."""
        self.queryset = Listing.objects.filter(kind=self._kind).defer("lines").order_by("name")

    def clean(self, value: Any) -> Any:
        return sorted(listing.pk for listing in super().clean(value))


class ParamsForm(forms.Form):
    """The settings of one kind of rule."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ListsField):
                field.take_stock()


def _whole(label: Any, least: int, most: int, **facts: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **facts)


class PhrasesForm(ParamsForm):
    listings = ListsField(Listing.Kind.PHRASES, label=gettext_lazy("Lists"))
    disguises = forms.BooleanField(
        label=gettext_lazy("Disguised ones too"),
        help_text=gettext_lazy("Figures and signs for letters, letters of other alphabets, stretched or spaced words."),
        required=False,
        initial=True,
    )


class NamesForm(ParamsForm):
    listings = ListsField(Listing.Kind.NAMES, label=gettext_lazy("Lists"))
    disguises = forms.BooleanField(
        label=gettext_lazy("Disguised ones too"),
        help_text=gettext_lazy("Figures and signs for letters, letters of other alphabets, stretched or spaced words."),
        required=False,
        initial=True,
    )


class LinksForm(ParamsForm):
    most = _whole(
        gettext_lazy("Links that are nothing unusual"),
        0,
        100,
        required=False,
        initial=2,
        help_text=gettext_lazy("With one more it finds something. Empty: links are not counted."),
    )
    allowed = ListsField(Listing.Kind.HOSTS, label=gettext_lazy("Servers whose links are not counted"), required=False)
    denied = ListsField(Listing.Kind.HOSTS, label=gettext_lazy("Servers to which no link is wanted"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned.get("most") is None and not cleaned.get("denied"):
            raise forms.ValidationError(
                _("Please say how many links are nothing unusual, or choose a list of servers.")
            )
        return cleaned


class RepeatsForm(ParamsForm):
    hours = _whole(gettext_lazy("Within hours"), 1, 720, initial=24)
    share = _whole(
        gettext_lazy("How much must be the same, in percent"),
        50,
        100,
        initial=80,
        help_text=gettext_lazy("Runs of three words are compared; 100 is word for word."),
    )
    least_words = _whole(
        gettext_lazy("Words from which on it is compared"),
        3,
        500,
        initial=8,
        help_text=gettext_lazy("Many people write “Well said” by themselves."),
    )
    others = _whole(gettext_lazy("Comments by others that say the same"), 1, 50, initial=1)


class RateForm(ParamsForm):
    comments = _whole(gettext_lazy("Comments that are nothing unusual"), 1, 200, initial=10)
    minutes = _whole(gettext_lazy("Within minutes"), 1, 1440, initial=60)
    here = forms.BooleanField(label=gettext_lazy("Only those in the same discussion count"), required=False)


class FirstForm(ParamsForm):
    comments = _whole(gettext_lazy("How many of a reader's comments must have been published"), 1, 100, initial=1)


class YoungForm(ParamsForm):
    hours = _whole(gettext_lazy("Hours for which an account is new"), 1, 8760, initial=24)


class RecordForm(ParamsForm):
    days = _whole(gettext_lazy("Days to look back"), 1, 365, initial=7)
    share = _whole(gettext_lazy("Share that was rejected, in percent"), 1, 100, initial=30)
    least = _whole(
        gettext_lazy("Rejected comments from which on it counts"),
        1,
        100,
        initial=2,
        help_text=gettext_lazy("One mistake is no record."),
    )


class MailForm(ParamsForm):
    listings = ListsField(Listing.Kind.MAIL, label=gettext_lazy("Lists"), required=False)
    aliases = forms.BooleanField(label=gettext_lazy("Every address with a “+” in it too"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("listings") and not cleaned.get("aliases"):
            raise forms.ValidationError(_("Please choose a list."))
        return cleaned


class LanguageForm(ParamsForm):
    languages = forms.CharField(
        label=gettext_lazy("Languages that are read here"),
        max_length=200,
        help_text=gettext_lazy("Their codes, with spaces between them: en de."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].initial = settings.LANGUAGE_CODE.partition("-")[0]
        if isinstance(said := self.initial.get("languages"), list):
            self.initial["languages"] = " ".join(said)

    def clean_languages(self) -> list[str]:
        codes = self.cleaned_data["languages"].lower().replace(",", " ").split()
        if len(codes) > MOST_LANGUAGES or not all(re.fullmatch("[a-z]{2,3}", code) for code in codes):
            raise forms.ValidationError(_("A language is named by a code of two or three letters, such as en or de."))
        return sorted(set(codes))


class ScoreForm(ParamsForm):
    score = forms.ChoiceField(label=gettext_lazy("Which score"), choices=lambda: list(score_names().items()))
    threshold = forms.FloatField(
        label=gettext_lazy("From which score on, from 0 to 1"), min_value=0, max_value=1, initial=0.8
    )


def score_names() -> dict[str, str]:
    """All scores with what they are called: a scorer's function has them as its `names`, or says them of nothing."""
    found: dict[str, str] = {}
    for scorer in (import_string(path) for path in settings.SCORERS):
        found |= getattr(scorer, "names", None) or {name: name for name in scorer("")}
    return found


class OutsideForm(ParamsForm):
    """The secret is not here: it is made with the rule."""

    url = forms.CharField(label=gettext_lazy("Its address"), max_length=500)
    seconds = forms.FloatField(
        label=gettext_lazy("Seconds to wait for its answer"), min_value=0.1, max_value=5, initial=1
    )
    on_failure = forms.ChoiceField(
        label=gettext_lazy("Where it does not answer"),
        choices=[("pass", gettext_lazy("let the comment pass")), ("hold", gettext_lazy("hold the comment"))],
        widget=forms.RadioSelect,
        initial="pass",
    )
    tells_author = forms.BooleanField(
        label=gettext_lazy("Send what is public of the author too"),
        help_text=gettext_lazy("Name, when the account was made, how many comments were published. Never the address."),
        required=False,
        initial=True,
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            outbound.may_call(url)
        except outbound.Unreachable:
            raise forms.ValidationError(
                _(
                    "This address cannot be called: it must be https:// or http://, at the usual port, and allowed by "
                    "the newsroom's settings for outbound calls."
                )
            ) from None
        return url
