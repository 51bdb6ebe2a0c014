"""What a new newsroom's groups may do: what `groups.RIGHTS` says, and nothing left over from Wagtail's own set-up."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from broadsheet.stories.groups import PICTURE_RIGHTS, RIGHTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", RIGHTS)
def test_a_group_of_the_desk_has_the_rights_listed_and_no_others(name):
    group = Group.objects.get(name=name)
    given = {f"{right.content_type.app_label}.{right.codename}" for right in group.permissions.all()}
    # Those two are for the moderators' desk to give.
    assert given - {"moderation.decide", "moderation.supervise"} == RIGHTS[name]
    assert not group.page_permissions.exists()
    assert {right.permission.codename for right in group.collection_permissions.all()} == PICTURE_RIGHTS.get(
        name, set()
    )
