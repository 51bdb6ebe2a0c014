"""The desk's forms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.db.models import Case, When
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.blocks import StreamBlockValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from broadsheet.core import clock
from broadsheet.core.refusals import Unacceptable
from broadsheet.stories.pictures.intake import NO_PICTURE, take
from broadsheet.stories.rules import Lack, doubt_the_moment, has_been_public, lacks, may_publish, why_not_remove

if TYPE_CHECKING:
    from broadsheet.stories.models import Story

WRITE = "stories.write_story"


class MomentInput(forms.DateTimeInput):
    """Date and time to the second, in the browser's own control."""

    asked = ""  # the moment about which the person was asked: the form brings it back

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        control = super().render(name, value, attrs, renderer)
        if not self.asked:
            return control
        return format_html('{}<input type="hidden" name="{}-asked" value="{}">', control, name, self.asked)


class StoryForm(WagtailAdminModelForm):
    """A story on the desk. Who may not write or publish gets fewer parts of it, and can send no others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user and not may_publish(self.for_user):
            self.formsets.pop("notices", None)
        if self.for_user and not self.for_user.has_perm(WRITE):
            self.formsets.pop("related", None)
        if slug := self.fields.get("slug"):  # the desk's script makes it of a headline that may be longer: it is cut
            slug.validators = [each for each in slug.validators if not isinstance(each, MaxLengthValidator)]
        if "topics" in self.fields:
            chosen = [topic.pk for topic in self.initial.get("topics", [])]
            first = Case(When(pk__in=chosen, then=0), default=1)  # the box shows a few: what is ticked is seen
            self.fields["topics"].queryset = self.fields["topics"].queryset.order_by(first, "name")
        if "published_at" in self.fields:
            self._explain_moment(self.fields["published_at"])

    def _explain_moment(self, field: forms.Field) -> None:
        now = f"{clock.clock_time(clock.now())} {clock.zone_letters(clock.now())}"
        zone = _("%(zone)s, now %(time)s") % {"zone": settings.TIME_ZONE, "time": now}
        field.help_text = _(
            "In the newsroom's time (%(zone)s). Empty: the moment it is published. "
            "In the future: an embargo, which holds to the second."
        ) % {"zone": zone}
        if self._standing is not None and has_been_public(self._standing):
            field.disabled = True
            field.help_text = _("The story has been public since this moment; it stays.")

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"])[: self._meta.model._meta.get_field("slug").max_length].strip("-")

    @cached_property
    def _standing(self) -> Story | None:
        """The story as it stands, whatever the draft in hand says; None for a new one."""
        found: Story | None = type(self.instance).objects.filter(pk=self.instance.pk).first()
        return found

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        gone = self.formsets["notices"].deleted_forms if "notices" in self.formsets else []
        reasons = {reason for form in gone if (reason := why_not_remove(form.instance))}
        for reason in reasons:
            self.add_error(None, reason)
        return not reasons

    def lacks_for_publication(self) -> list[str]:
        """What keeps the story from publication, in sentences, each also marked where it is mended.

        Call it on a valid form.
        """
        self.save(commit=False)
        story: Story = self.instance
        found = [*lacks(story), *self._doubts_the_moment(story)]
        for lack in found:
            if lack.field in self.formsets:
                self.formsets[lack.field].non_form_errors().append(lack.sentence)
            elif lack.field != "body":
                self.add_error(lack.field if lack.field in self.fields else None, lack.sentence)
        if body := [ValidationError(lack.sentence) for lack in found if lack.field == "body"]:
            self.add_error("body", StreamBlockValidationError(non_block_errors=body))
        return [lack.sentence for lack in found]

    def _doubts_the_moment(self, story: Story) -> Iterator[Lack]:
        """Asks, once for each moment, whether one that is long past is meant."""
        moment, doubt = story.published_at, doubt_the_moment(story, self._standing)
        if not moment or not doubt or "published_at" not in self.fields:
            return
        if self.data.get("published_at-asked") == moment.isoformat():
            return
        vars(self.fields["published_at"].widget)["asked"] = moment.isoformat()
        yield Lack("published_at", doubt)


class NamedForm(WagtailAdminModelForm):
    """A section, topic or byline: its slug follows from its name where the desk wrote none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("The last part of the address. Empty: made of the name.")

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        if not facts.get("slug") and facts.get("name") and "slug" not in self.errors:
            facts["slug"] = self._free_slug(facts["name"])
        return facts

    def _free_slug(self, name: str) -> str:
        """Of a name in another script nothing may be left: it is called what it is, then, and numbered."""
        model: Any = self._meta.model
        most = model._meta.get_field("slug").max_length - 6  # room for a number
        first = slugify(name)[:most].strip("-") or model._meta.model_name
        taken = set(model.objects.filter(slug__startswith=first).values_list("slug", flat=True))
        return next(slug for slug in chain([first], (f"{first}-{n}" for n in count(2))) if slug not in taken)


class PictureField(WagtailImageField):
    """A picture's file. Wagtail's field fails over one that begins like a picture and ends too soon."""

    def check_image_pixel_size(self, file: Any) -> None:
        """Left to the intake, which says how many are too many; here it would be an "unknown number"."""

    def to_python(self, data: Any) -> Any:
        try:
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError, LookupError, EOFError):
            raise ValidationError(NO_PICTURE) from None


class PictureForm(BaseImageForm):
    """A picture's file and facts; a new file is checked by decoding it, and says what it knows of itself."""

    class Meta(BaseImageForm.Meta):
        labels = {"description": gettext_lazy("Alternative text")}
        widgets = {**BaseImageForm.Meta.widgets, "caption": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "description": gettext_lazy(
                "What somebody who cannot see it should know. Every published picture needs it."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            facts = ("label", "required", "widget", "help_text")
            self.fields["file"] = PictureField(**{name: getattr(given, name) for name in facts})
        for name in self.instance.read_from_file:
            if name in self.fields:
                self.fields[name].help_text = f"{_('Read from the file.')} {self.fields[name].help_text}".strip()
        if self.instance.is_made_by_machine and "caption" in self.fields:
            self.fields["caption"].help_text = _("The file says that a trained model made it: say so in the caption.")

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            try:
                vars(file)["taken"] = take(file)  # the picture need not be decoded twice
            except Unacceptable as refusal:
                raise ValidationError(refusal.sentence) from None
        return file
