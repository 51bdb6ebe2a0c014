"""Who works at the desk, for what we write to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from broadsheet.accounts.models import Reader


def supervisors() -> QuerySet[Reader]:
    """Everybody who may supervise."""
    return _with_right("supervise")


def moderators() -> QuerySet[Reader]:
    """Everybody who may decide."""
    return _with_right("decide")


def _with_right(code: str) -> QuerySet[Reader]:
    right = {"content_type__app_label": "moderation", "codename": code}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    by_hand = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    return Reader.objects.filter(Q(is_superuser=True) | by_group | by_hand, is_active=True).distinct().order_by("pk")
