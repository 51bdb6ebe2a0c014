"""A published story with everything on it, and a hub of somebody else's on this machine."""

from __future__ import annotations

import http.server
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from broadsheet.core import clock
from broadsheet.stories.actions import publish_story
from broadsheet.stories.models import Credit, Person, Story, Topic
from broadsheet.stories.pictures import add_picture

PICTURES = Path(__file__).resolve().parents[2] / "stories" / "tests" / "pictures"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Pictures of a test go where the test's other files go."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def ferry(section):
    """A story published an hour ago: two people, two topics, a lead picture and one in the body."""
    with (PICTURES / "full.jpg").open("rb") as file:
        lead = add_picture(file=file, title="Skier", description="A skier in the air", credit="Coastal Press/Dana")
    with (PICTURES / "no-metadata.jpg").open("rb") as file:
        second = add_picture(file=file, title="Wharf", description="The wharf", caption="At dawn.", credit="Dana Oak")
    story = Story(
        headline="Ferry <stops> & starts",
        standfirst="Two boats, one crew.",
        slugline="FERRY/",
        section=section,
        place="PORTMERE, Maine",
        agency="Coastal Press",
        urgency=3,
        body=[
            ("paragraph", '<p>It <b>stopped</b> on <a href="/about/">Friday</a>.</p>'),
            ("subhead", "WHY"),
            ("picture", {"picture": second, "caption": "", "alt": "", "credit": ""}),
        ],
        lead_picture=lead,
    )
    for order, (role, name) in enumerate([("reporting", "Una Umber"), ("writing", "Ode Oak"), ("editing", "Ed Ash")]):
        person = Person.objects.create(name=name, slug=name.lower().replace(" ", "-"))
        story.credits.add(Credit(role=role, person=person, sort_order=order))
    story.topics.set([Topic.objects.create(name=name, slug=name.lower()) for name in ("Ferries", "Crews")])
    return publish_story(story=story, at=clock.now() - timedelta(hours=1))


class Hub:
    """Answers with the next of `answers`, the last one for ever; keeps what it was told."""

    def __init__(self):
        self.told, self.answers = [], [202]
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                hub.told.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.send_response(hub.answers.pop(0) if len(hub.answers) > 1 else hub.answers[0])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.address = f"http://{self.host}/hub"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def hub(settings):
    made = Hub()
    settings.OUTBOUND_INSIDE, settings.WEBSUB_HUBS = [made.host], [made.address]
    settings.TASKS_AT_ONCE = []  # a worker tells it, not the editor who publishes
    yield made
    made.server.shutdown()
    made.server.server_close()
