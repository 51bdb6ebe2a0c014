"""How a story lies on the desk: its parts in the order in which they are written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
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
from broadsheet.stories.desk.forms import WRITE, MomentInput, NamedForm, StoryForm
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


class NamePanel(TitleFieldPanel):
    """A name whose slug follows while it is new: an address that readers know stays."""

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_should_apply(self) -> bool:
            return not self.instance.pk


def named(*others: Any, form: type[NamedForm] = NamedForm) -> ObjectList:
    """The form of something with a name and a slug, and these besides."""
    name = NamePanel("name", targets=["slug"], classname="", placeholder=False)
    return ObjectList([FieldRowPanel([name, FieldPanel("slug")]), *others], base_form_class=form)


def _written(name: str, **kwargs: Any) -> FieldPanel:
    return FieldPanel(name, permission=WRITE, **kwargs)


STORY = MultiFieldPanel(
    [
        TitleFieldPanel(
            "headline", targets=["slug"], permission=WRITE, required_on_save=True, placeholder=_("Headline")
        ),
        _written("standfirst"),
        FieldRowPanel([_written("section", widget=forms.Select), _written("kind")]),
        _written("home"),
    ],
    heading=_("Story"),
)
DATELINE = MultiFieldPanel([FieldRowPanel([_written("place"), _written("agency")])], heading=_("Dateline"))
LEAD_PICTURE = MultiFieldPanel(
    [
        FieldPanel("lead_picture", heading=_("Picture"), widget=PictureChooser),
        FieldPanel(
            "lead_caption",
            heading=_("Caption"),
            help_text=_("Empty: the picture's own."),
            widget=AdminAutoHeightTextInput,
        ),
        FieldPanel(
            "lead_alt",
            heading=_("Alternative text"),
            help_text=_("What somebody who cannot see it should know. Empty: the picture's own."),
        ),
        FieldRowPanel(
            [
                FieldPanel("lead_creator", heading=_("Creator"), help_text=_("Empty: the picture's own.")),
                FieldPanel("lead_credit", heading=_("Credit line"), help_text=_("Empty: the picture's own.")),
            ]
        ),
    ],
    heading=_("Lead picture"),
)
CREDITS = InlinePanel(
    "credits",
    panels=[FieldRowPanel([FieldPanel("role"), FieldPanel("person", widget=forms.Select)])],
    heading=_("Credits"),
    label=_("credit"),
)
PLACING = MultiFieldPanel(
    [
        _written("topics", widget=forms.CheckboxSelectMultiple),
        FieldRowPanel([_written("urgency"), _written("slugline"), _written("slug")]),
    ],
    heading=_("Topics and placing"),
)
RELATED = PermittedInlinePanel(
    "related",
    panels=[FieldPanel("other", heading=_("Story"), widget=StoryChooser(model=Story))],
    heading=_("Related stories"),
    label=_("related story"),
    help_text=_("Shown beside the story before those that share its topics."),
)
PUBLICATION = MultiFieldPanel(
    [_written("published_at", heading=_("Moment of publication"), widget=MomentInput)], heading=_("Publication")
)
NOTICES = PermittedInlinePanel(
    "notices",
    panels=[
        FieldRowPanel(
            [
                FieldPanel("kind"),
                FieldPanel(
                    "made_at",
                    heading=_("Dated"),
                    widget=MomentInput,
                    help_text=_("Empty: the moment readers see it first."),
                ),
            ]
        ),
        FieldPanel("text", help_text=_("For readers: what was wrong or new, and what is right.")),
        FieldPanel(
            "thanks_to",
            help_text=_(
                "Where a comment under this story led to it: the last number in the comment's link. "
                "Its author is told of the correction, with thanks."
            ),
        ),
    ],
    heading=_("Notices"),
    label=_("notice"),
    help_text=_("A notice stays on the story. A withdrawal takes the story from every page; only its notice is shown."),
)

STORY_DESK = ObjectList(
    [STORY, DATELINE, FieldPanel("body"), LEAD_PICTURE, CREDITS, PLACING, RELATED, PUBLICATION, NOTICES],
    base_form_class=StoryForm,
)
