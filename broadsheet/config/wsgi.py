"""What the server calls: the edge, with Django behind it."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from broadsheet.core.parent import leave_with_parent
from broadsheet.core.requests import Utf8Request

if TYPE_CHECKING:
    from broadsheet.delivery.edge import Edge


def make() -> Edge:
    """Django first: the rest reads models. With DEBUG on nothing is kept, so that an edited template shows at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    django = get_wsgi_application()
    django.request_class = Utf8Request
    from broadsheet.config import health
    from broadsheet.delivery.ahead import Ahead
    from broadsheet.delivery.edge import Edge
    from broadsheet.delivery.freshness import before_ringing
    from broadsheet.delivery.pictures import Pictures
    from broadsheet.delivery.store import MOST_BYTES, ReadyPages
    from broadsheet.scores import asking

    pages = ReadyPages(0 if settings.DEBUG else MOST_BYTES)
    edge = Edge(
        django,
        pages=pages,
        pictures=Pictures(settings.MEDIA_ROOT),
        aside={"/healthz": health.alive, "/readyz": health.ready},
    )
    before_ringing[:] = [Ahead(pages, partial(edge.render, host=settings.ALLOWED_HOSTS[0])).prepare]
    asking.prepare()
    return edge


# Seconds after which a thread that renders lets others have the interpreter. Python's own 5 ms would let one page
# hold up every reader of a ready page several times; a fiftieth of that makes rendering hardly slower.
sys.setswitchinterval(0.0001)
application = make()
leave_with_parent()
