"""What tests of the desk need besides the fixed cast."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from broadsheet.accounts.models import Reader
from broadsheet.stories.models import Credit, Person, Story
from broadsheet.stories.pictures import add_picture

PICTURES = Path(__file__).parent / "pictures"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Pictures of a test go where the test's other files go."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def person(db):
    return Person.objects.create(name="Ana Ruiz", slug="ana-ruiz")


@pytest.fixture
def picture(db):
    """A photograph with every fact it needs, read from its own file."""
    with (PICTURES / "full.jpg").open("rb") as file:
        return add_picture(file=file, title="Skier")


@pytest.fixture
def bare_picture(db):
    """A photograph that says nothing of itself."""
    with (PICTURES / "no-metadata.jpg").open("rb") as file:
        return add_picture(file=file, title="Skier")


@pytest.fixture
def make_draft(section, person):
    """A story that lacks nothing for publication, unless told otherwise; not saved."""

    def make(*, credited=True, **facts):
        given = {
            "headline": "Mill closes after ninety years",
            "section": section,
            "place": "HARLOW MILLS",
            "body": [("paragraph", "<p>The mill closed on Friday.</p>")],
        }
        draft = Story(**{**given, **facts})
        if credited:
            draft.credits.add(Credit(role=Credit.Role.REPORTING, person=person))
        return draft

    return make


@pytest.fixture
def make_member(db):
    """Somebody of one of the newsroom's groups."""

    def make(name, group):
        person = Reader.objects.create_user(f"{name.split()[0].lower()}@example.org", name, "a long enough pass phrase")
        person.groups.add(Group.objects.get(name=group))
        return person

    return make
