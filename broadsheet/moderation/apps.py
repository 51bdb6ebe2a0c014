"""Names this app to Django, and puts up after `migrate` what no table can hold: the guard and the groups' right."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db import connections
from django.db.models.signals import post_migrate, post_save

RIGHTS = {
    "decide": ("Moderators", "Editors", "Administrators"),
    "supervise": ("Editors", "Administrators"),
}


class App(AppConfig):
    name = "broadsheet.moderation"
    label = "moderation"

    def import_models(self) -> None:
        """The tables of the overview stand beside what they are for."""
        super().import_models()
        import_module("broadsheet.moderation.overview.models")

    def ready(self) -> None:
        post_migrate.connect(put_up_guard, sender=self)
        post_migrate.connect(let_groups_decide, sender=self)
        user_logged_in.connect(leave_trace, dispatch_uid="moderation.leave_trace")
        post_save.connect(follow_story, sender="stories.Story", dispatch_uid="moderation.follow_story")


def follow_story(*, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """What waits under a story waits in the story's section, whichever it is by now."""
    from broadsheet.moderation.models import Entry

    if not raw:
        elsewhere = Entry.objects.filter(thread=instance.pk).exclude(section=instance.section_id)
        elsewhere.update(section=instance.section_id)


def leave_trace(**facts: Any) -> None:
    """Keep that somebody signed in from their network address today, scrambled, for a month."""
    from broadsheet.moderation.people import traces

    traces.signed_in(**facts)


def put_up_guard(*, using: str, **kwargs: Any) -> None:
    """Keep decisions unchangeable in the database too, whatever the migrations have rebuilt."""
    from broadsheet.moderation import guard

    guard.put_up(connections[using])


def let_groups_decide(*, app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """Give moderators, editors and administrators the right to decide, and the last two that to supervise.

    Once each: where any group has the right already, the newsroom has its own mind about who should.
    """
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(app_config, verbosity=0, using=using)  # Django's own step may come after this one
    for code, names in RIGHTS.items():
        right = Permission.objects.using(using).filter(content_type__app_label="moderation", codename=code).first()
        if right is None or Group.objects.using(using).filter(permissions=right).exists():
            continue
        for name in names:
            Group.objects.using(using).get_or_create(name=name)[0].permissions.add(right)
