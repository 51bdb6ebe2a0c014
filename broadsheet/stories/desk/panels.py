"""How a story lies on the desk: its parts in the order in which they are written."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from broadsheet.stories.desk.choosers import PictureChooser, StoryChooser
from broadsheet.stories.desk.forms import WRITE, MomentInput, StoryForm
from broadsheet.stories.models import Story


class PermittedInlinePanel(InlinePanel):
    """Rows of a story that only some may change; for others the form has left them out, and so does the page."""

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            form = kwargs.get("form")
            self.left_out = form is not None and kwargs["panel"].relation_name not in form.formsets
            super().__init__(**{**kwargs, "form": None if self.left_out else form})

        def is_shown(self) -> bool:
            return not self.left_out and bool(super().is_shown())


def _written(name: str, **kwargs: Any) -> FieldPanel:
    return FieldPanel(name, permission=WRITE, **kwargs)


STORY = MultiFieldPanel(
    [
        TitleFieldPanel("headline", targets=["slug"], permission=WRITE, required_on_save=True, placeholder="Headline"),
        _written("standfirst"),
        FieldRowPanel([_written("section", widget=forms.Select), _written("kind")]),
    ],
    heading="Story",
)
DATELINE = MultiFieldPanel([FieldRowPanel([_written("place"), _written("agency")])], heading="Dateline")
LEAD_PICTURE = MultiFieldPanel(
    [
        FieldPanel("lead_picture", heading="Picture", widget=PictureChooser),
        FieldPanel(
            "lead_caption",
            heading="Caption",
            help_text="Empty: the picture's own.",
            widget=AdminAutoHeightTextInput,
        ),
        FieldPanel(
            "lead_alt",
            heading="Alternative text",
            help_text="What somebody who cannot see it should know. Empty: the picture's own.",
        ),
        FieldRowPanel(
            [
                FieldPanel("lead_creator", heading="Creator", help_text="Empty: the picture's own."),
                FieldPanel("lead_credit", heading="Credit line", help_text="Empty: the picture's own."),
            ]
        ),
    ],
    heading="Lead picture",
)
CREDITS = InlinePanel(
    "credits",
    panels=[FieldRowPanel([FieldPanel("role"), FieldPanel("person", widget=forms.Select)])],
    heading="Credits",
    label="credit",
)
PLACING = MultiFieldPanel(
    [
        _written("topics", widget=forms.CheckboxSelectMultiple),
        FieldRowPanel([_written("urgency"), _written("slugline"), _written("slug")]),
    ],
    heading="Topics and placing",
)
RELATED = PermittedInlinePanel(
    "related",
    panels=[FieldPanel("other", heading="Story", widget=StoryChooser(model=Story))],
    heading="Related stories",
    label="related story",
    help_text="Shown beside the story before those that share its topics.",
)
PUBLICATION = MultiFieldPanel(
    [_written("published_at", heading="Moment of publication", widget=MomentInput)], heading="Publication"
)
NOTICES = PermittedInlinePanel(
    "notices",
    panels=[
        FieldRowPanel([FieldPanel("kind"), FieldPanel("made_at", heading="Dated", widget=MomentInput)]),
        FieldPanel("text", help_text="For readers: what was wrong or new, and what is right."),
    ],
    heading="Notices",
    label="notice",
    help_text="A notice stays on the story. A withdrawal takes the story from every page; only its notice is shown.",
)

STORY_DESK = ObjectList(
    [STORY, DATELINE, FieldPanel("body"), LEAD_PICTURE, CREDITS, PLACING, RELATED, PUBLICATION, NOTICES],
    base_form_class=StoryForm,
)
