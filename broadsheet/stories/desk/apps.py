"""Wagtail's app of accounts, with our screens."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class DeskAccounts(WagtailUsersAppConfig):
    """Our readers have one name and no first and last."""

    user_viewset = "broadsheet.stories.desk.people.ReaderViewSet"
