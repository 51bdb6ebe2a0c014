"""The parts a story's body is made of."""

from __future__ import annotations

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

PARAGRAPH_FEATURES = ["bold", "italic", "link"]


class QuotationBlock(blocks.StructBlock):
    """Somebody's words set apart, and whose they are."""

    words = blocks.TextBlock()
    speaker = blocks.CharBlock(required=False)

    class Meta:
        icon = "openquote"


class PictureBlock(blocks.StructBlock):
    """A picture in the body; empty fields fall back on the picture's own."""

    picture = ImageChooserBlock()
    caption = blocks.TextBlock(required=False)
    alt = blocks.CharBlock(required=False)
    credit = blocks.CharBlock(required=False)

    class Meta:
        icon = "image"


class EmbedBlock(blocks.StructBlock):
    """Something on another site, as a link: nothing of theirs is loaded into our pages."""

    address = blocks.URLBlock()
    label = blocks.CharBlock()

    class Meta:
        icon = "link"


class StoryBody(blocks.StreamBlock):
    """Paragraphs, subheads, quotations, lists, pictures and links to things elsewhere."""

    paragraph = blocks.RichTextBlock(features=PARAGRAPH_FEATURES)
    subhead = blocks.CharBlock(icon="title")
    quotation = QuotationBlock()
    list = blocks.ListBlock(blocks.RichTextBlock(features=PARAGRAPH_FEATURES))
    picture = PictureBlock()
    embed = EmbedBlock()
