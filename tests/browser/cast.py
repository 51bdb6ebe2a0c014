"""Run inside a fresh newsroom (manage.py shell): the people and stories the journeys start from."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import Group

from broadsheet.accounts.models import Reader
from broadsheet.core import clock
from broadsheet.discussion.actions import post_comment, thread_for
from broadsheet.discussion.modes import add_expert, set_mode
from broadsheet.moderation.actions import pick
from broadsheet.stories.models import Credit, Person, Section, Story, Topic

PHRASE = "a long enough pass phrase"


def member(name, email, group=None):
    person = Reader.objects.create_user(email, name, PHRASE, is_staff=bool(group))
    if group:
        person.groups.add(Group.objects.get(name=group))
    return person


ruth = member("Ruth Reader", "ruth@example.org")
member("Ned Newcomer", "ned@example.org")
member("Mona Marsh", "mona@example.org", "Moderators")
member("Edna Eames", "edna@example.org", "Editors")
Reader.objects.create_superuser("ada@example.org", "Ada Ash", PHRASE)

town = Section.objects.create(name="Town", slug="town", position=1)
Section.objects.create(name="Sport", slug="sport", position=2)
bridges = Topic.objects.create(name="Bridges", slug="bridges")
una = Person.objects.create(name="Una Umber", slug="una-umber", job="Town hall reporter")


def story(headline, slug, **facts):
    made = Story.objects.create(
        **{
            "headline": headline,
            "slug": slug,
            "section": town,
            "standfirst": "The vote was seven to four.",
            "place": "HARLOW MILLS",
            "live": True,
            "published_at": clock.now() - timedelta(hours=2),
            "body_html": "<p>The council voted on Tuesday to keep the bridge.</p><p>Work starts in spring.</p>",
            **facts,
        }
    )
    made.topics.add(bridges)
    made.save()
    Credit.objects.create(story=made, person=una)
    return made


bridge = story("Council votes to keep the old bridge", "bridge")
for words in ("I walked across it this morning.", "What did the repair of 1998 cost?"):
    post_comment(author=ruth, thread=thread_for(bridge), body=words)
story("The library opens on Sundays", "library")
story("The harbour fair, ten years ago", "fair", published_at=clock.now() - timedelta(days=3650))
busy = story("The mill race floods again", "flood")
for number in range(60):
    post_comment(author=ruth, thread=thread_for(busy), body=f"Reading {number}: the gauge stood at {number + 140} cm.")

ask, rate = story("Ask the bridge's engineer", "ask"), story("The bridge café, tried", "rate")
engineer = member("Edda Engineer", "edda@example.org")
add_expert(thread=thread_for(ask), reader=engineer)
asked = set_mode(thread=thread_for(ask), mode="questions")
question = post_comment(author=ruth, thread=asked, body="How old are the rivets?")
answer = post_comment(author=engineer, thread=asked, body="From 1931, all 4,112 of them.", parent=question)
pick(moderator=Reader.objects.get(email="mona@example.org"), comment=answer)
rated = set_mode(thread=thread_for(rate), mode="reviews")
post_comment(author=engineer, thread=rated, body="The best view of a truss there is.", rating=4)
