"""Where Wagtail asks us: what the desk shows, and what of Wagtail's own it leaves out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.widgets.button import Button
from wagtail.images.views.chooser import viewset as picture_chooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.snippets.models import register_snippet

from broadsheet.accounts.models import Reader
from broadsheet.stories.desk.bulk import delete_one_by_one
from broadsheet.stories.desk.home import first_page
from broadsheet.stories.desk.topics import DeleteTopics
from broadsheet.stories.desk.viewsets import PersonViewSet, SectionViewSet, StoryViewSet, TopicViewSet
from broadsheet.stories.models import Story

register_snippet(StoryViewSet)
register_snippet(TopicViewSet)
register_snippet(PersonViewSet)
register_snippet(SectionViewSet)

hooks.register("before_bulk_action", delete_one_by_one)
hooks.register("register_bulk_action", DeleteTopics, order=1)  # after Wagtail's own, which it replaces

# Pictures are called so wherever one is chosen, in a story's body too.
AdminImageChooser.choose_one_text = picture_chooser.page_title = _("Choose a picture")
AdminImageChooser.choose_another_text = _("Choose another picture")
AdminImageChooser.link_to_chosen_text = _("Edit this picture")

# Of Wagtail's own: the tree of pages, documents, and screens about either; we have neither.
LEFT_OUT = {"explorer", "documents", "help", "snippets"}
LEFT_OUT_OF_REPORTS = {"locked-pages", "aging-pages", "page-types-usage"}
LEFT_OUT_OF_SETTINGS = {"sites", "locales", "collections"}
LEFT_OUT_OF_SEARCH = {"pages", "documents"}


@hooks.register("construct_main_menu")
def our_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Stories first; pictures under that name."""
    items[:] = [item for item in items if item.name not in LEFT_OUT]
    for item in items:
        if item.name == "images":
            item.label, item.order = _("Pictures"), 200


@hooks.register("construct_reports_menu")
def our_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in LEFT_OUT_OF_REPORTS]


@hooks.register("construct_settings_menu")
def our_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in LEFT_OUT_OF_SETTINGS]


@hooks.register("construct_search")
def our_search(request: HttpRequest, areas: list[Any]) -> None:
    areas[:] = [area for area in areas if area.name not in LEFT_OUT_OF_SEARCH]


class ModerationItem(MenuItem):
    """The way to the moderators' desk, for who may decide there."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.is_moderator)  # type: ignore[union-attr]


@hooks.register("register_admin_menu_item")
def to_the_moderators() -> MenuItem:
    return ModerationItem(_("Moderation"), "/moderation/", name="moderation", icon_name="comment", order=400)


class CorrectionsItem(MenuItem):
    """The way to what readers say is wrong, for who writes stories."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("stories.write_story"))


@hooks.register("register_admin_menu_item")
def to_the_corrections() -> MenuItem:
    return CorrectionsItem(
        _("Corrections"), "/moderation/corrections/", name="corrections", icon_name="edit", order=390
    )


@hooks.register("register_admin_menu_item")
def to_the_leads() -> MenuItem:
    return CorrectionsItem(_("Leads"), "/moderation/leads/", name="leads", icon_name="mail", order=395)


@hooks.register("register_admin_menu_item")
def to_the_paper() -> MenuItem:
    return MenuItem(_("See the paper"), f"{settings.SITE_URL}/", name="paper", icon_name="view", order=10000)


@hooks.register("construct_homepage_panels")
def our_first_page(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = first_page(request)


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Counts of pages and images tell nobody what to do."""
    items[:] = []


@hooks.register("register_rich_text_features", order=100)  # after Wagtail has registered its own
def links_lead_out(features: Any) -> None:
    """A link begins with an address; Wagtail would begin with its tree of pages, which we do not have."""
    outside = reverse_lazy("wagtailadmin_choose_page_external_link")
    mail = reverse_lazy("wagtailadmin_choose_page_email_link")
    features.register_editor_plugin(
        "draftail",
        "link",
        EntityFeature(
            {
                "type": "LINK",
                "icon": "link",
                "description": _("Link"),
                "attributes": ["url", "id", "parentId"],
                "allowlist": {"href": "^(http:|https:|mailto:|undefined$)"},
                "chooserUrls": {
                    "pageChooser": outside,
                    "externalLinkChooser": outside,
                    "emailLinkChooser": mail,
                    "phoneLinkChooser": outside,
                    "anchorLinkChooser": outside,
                },
            },
            js=["wagtailadmin/js/page-chooser-modal.js"],
        ),
    )


@hooks.register("register_snippet_listing_buttons")
def to_the_discussion(row: object, person: Reader, next_url: str | None = None) -> list[Button]:
    """Whether it takes comments, until when, and who answers, also before it is public: for those who decide that."""
    if not isinstance(row, Story) or not row.pk or not person.is_moderator:
        return []
    return [Button(_("Discussion"), url=f"/moderation/discussions/{row.pk}/", icon_name="comment", priority=6)]


@hooks.register("insert_global_admin_css")
def our_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("stories/desk.css"))


@hooks.register("insert_global_admin_js")
def our_script() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("stories/desk.js"))
