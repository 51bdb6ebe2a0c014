from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from broadsheet.accounts.models import Reader
from broadsheet.stories.models import Picture, Story

pytestmark = pytest.mark.django_db


def test_a_newsroom_with_people_of_its_own_is_left_alone(reader):
    with pytest.raises(CommandError, match="--force"):
        call_command("demo")
    assert not Story.objects.exists()
    assert list(Reader.objects.all()) == [reader]


def test_a_newsroom_with_stories_of_its_own_is_left_alone(story):
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("demo")
    assert list(Story.objects.all()) == [story]
    assert not Picture.objects.exists()
