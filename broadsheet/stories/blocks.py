"""The parts a story's body is made of, as the desk types them; body.py says what HTML they become."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from broadsheet.core.refusals import Unacceptable
from broadsheet.core.text import readable

PARAGRAPH_FEATURES = ["bold", "italic", "link"]
TEXT_FEATURES = ["h2", "ul", "ol", *PARAGRAPH_FEATURES]  # so that what a word processor wrote may be pasted whole
LONGEST_PARAGRAPH = 20_000  # characters of HTML; the longest paragraphs in print have a tenth


def readable_parts(value: Any) -> Any:
    """The same stored body with every text made readable. Raises Unacceptable.

    For bodies that come from a program; those from the desk's form have passed the blocks' own `clean`.
    """
    if isinstance(value, str):
        return readable(value, most=LONGEST_PARAGRAPH, what=_("Body"), lines=True)
    if isinstance(value, list):
        return [readable_parts(part) for part in value]
    if isinstance(value, dict):
        return {name: readable_parts(part) for name, part in value.items()}
    return value


def _readable(written: str, *, most: int, what: str, lines: bool) -> str:
    try:
        return readable(written, most=most, what=what, lines=lines)
    except Unacceptable as refusal:
        raise ValidationError(refusal.sentence) from None


class LineBlock(blocks.CharBlock):
    """One line of text."""

    def clean(self, value: Any) -> Any:
        written = _readable(value or "", most=1000, what=capfirst(str(self.label)), lines=False)
        return super().clean(written)


class WordsBlock(blocks.TextBlock):
    """Text of several lines, without markup."""

    def clean(self, value: Any) -> Any:
        written = _readable(value or "", most=LONGEST_PARAGRAPH, what=capfirst(str(self.label)), lines=True)
        return super().clean(written)


class ParagraphBlock(blocks.RichTextBlock):
    """Running text with emphasis and links."""

    def clean(self, value: Any) -> Any:
        source = _readable(value.source if value else "", most=LONGEST_PARAGRAPH, what=str(_("Paragraph")), lines=True)
        return super().clean(RichText(source))


class QuotationBlock(blocks.StructBlock):
    """Somebody's words set apart, and whose they are."""

    words = WordsBlock(label=_("Words"))
    speaker = LineBlock(required=False, label=_("Speaker"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class PictureBlock(blocks.StructBlock):
    """A picture in the body; empty fields fall back on the picture's own."""

    picture = ImageChooserBlock(label=_("Picture"))
    caption = WordsBlock(required=False, label=_("Caption"), help_text=_("Empty: the picture's own caption."))
    alt = LineBlock(
        required=False,
        label=_("Alternative text"),
        help_text=_("What somebody who cannot see it should know. Empty: the picture's own."),
    )
    credit = LineBlock(required=False, label=_("Credit"), help_text=_("Empty: the picture's own credit."))

    class Meta:
        icon = "image"
        label = _("Picture")
        form_attrs = {"data-body-picture": ""}


class EmbedBlock(blocks.StructBlock):
    """Something on another site, as a link: nothing of theirs is loaded into our pages."""

    address = blocks.URLBlock(label=_("Address"), help_text="https://…")
    label = LineBlock(label=_("Label"), help_text=_("What the reader will find there."))

    class Meta:
        icon = "link"
        label = _("Link to something elsewhere")


class StoryBody(blocks.StreamBlock):
    """Paragraphs, subheads, quotations, lists, pictures and links to things elsewhere."""

    paragraph = ParagraphBlock(icon="pilcrow", label=_("Paragraph"), features=TEXT_FEATURES)
    subhead = LineBlock(icon="title", label=_("Subhead"), max_length=200)
    quotation = QuotationBlock()
    list = blocks.ListBlock(
        ParagraphBlock(label=_("Item"), features=PARAGRAPH_FEATURES), icon="list-ul", label=_("List")
    )
    picture = PictureBlock()
    embed = EmbedBlock()
