"""A story's body as HTML: made when it is published or previewed, cleaned by the one cleaner, stored as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from broadsheet.core.language import with_html
from broadsheet.core.text import readable, story_html
from broadsheet.stories.blocks import LONGEST_PARAGRAPH

if TYPE_CHECKING:
    from broadsheet.stories.models import Story

IN_COLUMN = "(min-width: 45rem) 42rem, 100vw"  # the width of the text column in the style sheet
FULL_WIDTH = "100vw"


def body_html(story: Story) -> str:
    """The body as cleaned HTML. Raises Unacceptable where a part holds text that cannot be read."""
    wide = story.kind == story.Kind.FEATURE
    return story_html("\n".join(_WRITERS[part.block_type](part.value, wide) for part in story.body))


def _text(written: Any, *, lines: bool = False) -> str:
    """Typed text as HTML; with `lines`, an empty line begins another paragraph."""
    clean = escape(readable(str(written or ""), most=LONGEST_PARAGRAPH, what=_("Body"), lines=True))
    if not lines:
        return str(clean)
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in re.split(r"\n{2,}", clean) if part)


def _rich(value: Any) -> str:
    """Text from the editor, whose <b> and <i> become <strong> and <em>; the cleaner sees to the rest."""
    source = readable(getattr(value, "source", value) or "", most=LONGEST_PARAGRAPH, what=_("Body"))
    source = re.sub(r"<(/?)b(?=[\s>/])[^>]*>", r"<\1strong>", source)
    return re.sub(r"<(/?)i(?=[\s>/])[^>]*>", r"<\1em>", source)


def _paragraph(value: Any, wide: bool) -> str:
    html = _rich(value).strip()
    if not re.sub(r"<[^>]*>|&nbsp;|\s", "", html):
        return ""
    return html if re.match(r"<(p|ul|ol|h\d|blockquote)\b", html) else f"<p>{html}</p>"


def _subhead(value: Any, wide: bool) -> str:
    return f"<h2>{_text(value)}</h2>"


def _quotation(value: Any, wide: bool) -> str:
    speaker = f"<cite>{_text(value['speaker'])}</cite>" if value.get("speaker") else ""
    return f'<blockquote class="quotation">{_text(value["words"], lines=True)}{speaker}</blockquote>'


def _list(value: Any, wide: bool) -> str:
    items = (re.sub(r"^<p\b[^>]*>|</p>$", "", _rich(item).strip()) for item in value)
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items if item)}</ul>"


def _picture(value: Any, wide: bool) -> str:
    picture = value.get("picture")
    if picture is None:
        return ""
    caption, credit = value.get("caption") or picture.caption, value.get("credit") or picture.printed_credit
    alt = readable(value.get("alt") or picture.description, most=1000, what=_("Alternative text"), lines=False)
    image = picture.markup(alt=alt, sizes=FULL_WIDTH if wide else IN_COLUMN)
    words = _text(caption) + (f' <span class="credit">{_credit(credit)}</span>' if credit else "")
    figcaption = f"<figcaption>{words.strip()}</figcaption>" if words.strip() else ""
    return f'<figure class="{"picture wide" if wide else "picture"}">{image}{figcaption}</figure>'


def _credit(credit: Any) -> str:
    return with_html(_("Credit: %(credit)s"), credit=SafeString(_text(credit)))


def _embed(value: Any, wide: bool) -> str:
    return f'<p class="elsewhere"><a href="{escape(value["address"])}">{_text(value["label"])}</a></p>'


_WRITERS: dict[str, Callable[[Any, bool], str]] = {
    "paragraph": _paragraph,
    "subhead": _subhead,
    "quotation": _quotation,
    "list": _list,
    "picture": _picture,
    "embed": _embed,
}
