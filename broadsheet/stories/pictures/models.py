"""Pictures: what the desk keeps of a photograph, and the sizes readers are served."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import PurePath
from typing import IO, Any, ClassVar

from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet
from wagtail.search import index

from broadsheet.core.refusals import Refused
from broadsheet.stories.pictures.facts import Facts, packet
from broadsheet.stories.pictures.intake import Taken, take
from broadsheet.stories.pictures.markup import markup, plain_address
from broadsheet.stories.pictures.sizes import make_sizes, remove_sizes
from broadsheet.stories.readable import Readable


class PictureQuerySet(ImageQuerySet):
    """Pictures; deleting several asks of each whether it may be."""

    def delete(self) -> tuple[int, dict[str, int]]:
        gone = [picture.delete() for picture in self]
        return len(gone), {"stories.Picture": len(gone)}


class Picture(Readable, AbstractImage):
    """A photograph with the facts it must be published with; `description` is its alternative text."""

    title: Any  # these three are Wagtail's
    file: Any
    description: Any
    caption = models.CharField(
        _("caption"), max_length=1000, blank=True, help_text=_("In the present tense: who, what, where, when.")
    )
    creator = models.CharField(
        _("creator"), max_length=120, blank=True, help_text=_("Who made it, such as Yuya Shino.")
    )
    credit = models.CharField(
        _("credit line"),
        max_length=120,
        blank=True,
        help_text=_("Printed under the picture, such as Reuters/Yuya Shino."),
    )
    copyright_notice = models.CharField(_("copyright notice"), max_length=300, blank=True)
    rights_page = models.CharField(
        _("rights page"),
        max_length=300,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text=_("Where others may ask for the picture: https://…"),
    )
    instructions = models.CharField(
        _("instructions"),
        max_length=300,
        blank=True,
        help_text=_("What the supplier asks of us, such as: No sales. Editorial use only."),
    )
    digital_source = models.CharField(max_length=300, blank=True, editable=False)  # IPTC's Digital Source Type
    read_from_file = models.JSONField(default=list, editable=False)  # names of the facts the file itself told us
    folder = models.CharField(max_length=40, blank=True, editable=False)  # random: its sizes' addresses hold it
    widths = models.JSONField(default=list, editable=False)  # of the sizes that are served

    objects: ClassVar[Any] = PictureQuerySet.as_manager()

    admin_form_fields: ClassVar[tuple[str, ...]] = (
        "title", "file", "description", "caption", "creator", "credit", "copyright_notice", "rights_page",
        "instructions", "collection",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip
    search_fields: ClassVar[list[Any]] = [
        *AbstractImage.search_fields,
        index.SearchField("caption"),
        index.SearchField("creator"),
        index.SearchField("credit"),
    ]

    @property
    def default_alt_text(self) -> str:
        """What Wagtail offers as alternative text: what we know, and never the file's name."""
        return str(self.description)

    @property
    def printed_credit(self) -> str:
        """The credit line, or where there is none the creator's name."""
        return self.credit or self.creator

    @property
    def facts(self) -> Facts:
        """What is written into each size that is served."""
        return Facts(
            caption=self.caption,
            creator=self.creator,
            credit=self.credit,
            copyright_notice=self.copyright_notice,
            rights_page=self.rights_page,
            description=self.description,
            digital_source=self.digital_source,
        )

    @property
    def is_made_by_machine(self) -> bool:
        """True when the file itself says that a trained model made it, or a part of it."""
        return "trainedAlgorithmicMedia" in self.digital_source or "Synthetic" in self.digital_source

    @property
    def address(self) -> str:
        """One JPEG of it, for feeds and link previews."""
        return plain_address(self)

    def markup(self, *, alt: str, sizes: str, lead: bool = False) -> SafeString:
        """The <picture> element in which readers get it (see pictures/markup.py)."""
        return markup(self, alt=alt, sizes=sizes, lead=lead)

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> ContentFile[bytes]:
        """A size for the desk's own screens, read out of the temporary file that Wagtail would leave open."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    def get_upload_to(self, filename: str) -> str:
        """Originals lie where no public address leads."""
        return f"originals/{filename}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take in a new file, or write changed facts into the sizes; slow work comes before the transaction.

        Raises Unacceptable when the file is no picture we can take.
        """
        before: Picture | None = Picture.objects.filter(pk=self.pk).first() if self.pk else None
        if self.file and not self.file._committed:
            self._keep(getattr(self.file.file, "taken", None) or take(self.file))
        elif before and packet(before.facts) != packet(self.facts):
            self._make_again()
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
                if before:
                    self._reprint(before)
        except Exception:
            if before is None or before.folder != self.folder:
                remove_sizes(self.folder)
            raise

    def _keep(self, taken: Taken) -> None:
        for name in taken.facts.names():
            if name != "headline" and not getattr(self, name):
                setattr(self, name, getattr(taken.facts, name))
        if taken.facts.headline and self.title in {"", PurePath(self.file.name).stem, PurePath(self.file.name).name}:
            self.title = taken.facts.headline
        self.read_from_file = taken.facts.names()
        self.folder = secrets.token_hex(16)
        self.file = ContentFile(taken.original, name=f"{self.folder}.{taken.extension}")
        self.widths = make_sizes(taken.image, self.folder, self.facts)
        self._set_image_file_metadata()

    def _make_again(self) -> None:
        """The sizes with other facts inside, under new addresses: those of sizes are kept by browsers for ever."""
        self.folder = secrets.token_hex(16)
        with self.file.storage.open(self.file.name) as file, Image.open(file) as image:
            self.widths = make_sizes(image.convert("RGB"), self.folder, self.facts)

    def _reprint(self, before: Picture) -> None:
        from broadsheet.stories.actions import reprint_picture  # actions know stories, and stories know pictures

        reprint_picture(picture=self, before=before)
        if before.folder != self.folder:
            self.renditions.all().delete()
            transaction.on_commit(partial(remove_sizes, before.folder))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Forget the picture and its sizes. Raises Refused while a story shows it."""
        from broadsheet.stories.actions import stories_showing

        if story := stories_showing(self).first():
            sentence = gettext("This picture stands in “%(headline)s”; take it out of the story before you delete it.")
            raise Refused(sentence % {"headline": story})
        transaction.on_commit(partial(remove_sizes, self.folder))
        gone: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
        return gone


class PictureSize(AbstractRendition, models.Model):
    """A size the desk's own screens ask Wagtail for; readers are served those of pictures/sizes.py."""

    image: models.ForeignKey[Picture, Picture] = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_size_a_filter")
        ]

    def __str__(self) -> str:
        return f"{self.filter_spec} of {self.image_id}"

    def get_upload_to(self, filename: str) -> str:
        """Beside the served sizes, under the picture's unguessable name."""
        return f"pictures/{self.image.folder}/desk{PurePath(filename).name.removeprefix(self.image.folder)}"


def add_picture(*, file: IO[bytes], title: str, **facts: Any) -> Picture:
    """Take in a picture file: checked, stripped, its credits read (`facts` given here win), its sizes made.

    Raises Unacceptable with a sentence when the file is none that we take.
    """
    taken = take(file)
    upload = ContentFile(taken.original, name=f"new.{taken.extension}")
    upload.taken = taken  # type: ignore[attr-defined]  # spares decoding it a second time in save
    picture = Picture(title=title, file=upload, **facts)
    picture.save()
    return picture
