"""The newsroom's groups, what each may do, and the way a story takes from draft to publication.

Made once, after the first `migrate`; afterwards they are the newsroom's own, and nothing here changes them again.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, transaction

WORKFLOW = "Newsroom"
COPY_DESK = "Copy desk"
READY = "Ready to publish"

_DESK = {"wagtailadmin.access_admin"}
_LISTS = {f"stories.{verb}_{kind}" for verb in ("add", "change", "delete", "view") for kind in ("topic", "person")}
_SECTIONS = {f"stories.{verb}_section" for verb in ("add", "change", "delete", "view")}
_LOOK = {"stories.view_story", "stories.view_section", "stories.view_topic", "stories.view_person"}
_WRITE = {"stories.add_story", "stories.change_story", "stories.write_story"}
_EDIT = {"stories.publish_story", "stories.lock_story", "stories.unlock_story", "stories.delete_story"}
_PEOPLE = {f"accounts.{verb}_reader" for verb in ("add", "change", "view")} | {
    f"auth.{verb}_group" for verb in ("add", "change", "delete", "view")
}
_WORKFLOWS = {f"wagtailcore.{verb}_{kind}" for verb in ("add", "change", "delete") for kind in ("workflow", "task")} | {
    f"wagtailcore.{verb}_groupapprovaltask" for verb in ("add", "change", "delete")
}

RIGHTS: dict[str, set[str]] = {
    "Reporters": _DESK | _LOOK | _WRITE,
    "Photo editors": _DESK | _LOOK | {"stories.change_story"},
    "Editors": _DESK | _LOOK | _WRITE | _EDIT | _LISTS,
    "Moderators": set(),  # theirs is the moderators' desk, which asks for moderation.decide
    "Administrators": _DESK | _LOOK | _WRITE | _EDIT | _LISTS | _SECTIONS | _PEOPLE | _WORKFLOWS,
}
# Pictures belong to collections in Wagtail; we have one, and the rights are given on it.
PICTURE_RIGHTS: dict[str, set[str]] = {
    "Reporters": {"add_image", "choose_image"},  # adding includes editing one's own
    "Photo editors": {"add_image", "change_image", "choose_image"},
    "Editors": {"add_image", "change_image", "choose_image"},
    "Administrators": {"add_image", "change_image", "choose_image"},
}
APPROVERS = ("Editors", "Administrators")


def after_migrate(*, app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """Run once all apps have made their permissions, which each does after its own tables."""
    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config is with_models[-1] and using == DEFAULT_DB_ALIAS:
        set_up_newsroom()


def set_up_newsroom() -> None:
    """Make the groups and the workflow; does nothing where the newsroom has them."""
    from django.contrib.auth.models import Group

    if Group.objects.filter(name="Reporters").exists():
        return
    with transaction.atomic():
        collection = _collection()
        for name in RIGHTS:
            group: Any = Group.objects.get_or_create(name=name)[0]
            _forget_pages(group)
            group.permissions.add(*_permissions(RIGHTS[name]))
            for permission in _permissions({f"wagtailimages.{code}" for code in PICTURE_RIGHTS.get(name, ())}):
                group.collection_permissions.create(collection=collection, permission=permission)
        _make_workflow()


def _permissions(names: set[str]) -> list[Any]:
    from django.contrib.auth.models import Permission

    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type").filter(
            codename__in={name.split(".")[1] for name in names}
        )
    }
    return [found[name] for name in sorted(names)]


def _collection() -> Any:
    from wagtail.models import Collection

    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def _forget_pages(group: Any) -> None:
    """Wagtail's migrations give groups of these names rights over pages, documents and pictures; ours get none."""
    group.page_permissions.all().delete()
    group.collection_permissions.all().delete()
    group.permissions.remove(*group.permissions.filter(content_type__app_label__startswith="wagtail"))


def _make_workflow() -> None:
    from django.contrib.auth.models import Group
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

    from broadsheet.stories.models import Story

    Workflow.objects.update(active=False)  # Wagtail's migrations make one for pages
    workflow = Workflow.objects.create(name=WORKFLOW)
    for order, name in enumerate((COPY_DESK, READY)):
        task = GroupApprovalTask.objects.create(name=name)
        task.groups.set(Group.objects.filter(name__in=APPROVERS))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    stories = ContentType.objects.get_for_model(Story, for_concrete_model=False)
    WorkflowContentType.objects.create(workflow=workflow, content_type=stories)
