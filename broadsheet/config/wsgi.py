"""What the server calls: the edge, with Django behind it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from broadsheet.core.parent import leave_with_parent

if TYPE_CHECKING:
    from broadsheet.delivery.edge import Edge


def make() -> Edge:
    """Django first: the rest reads models. With DEBUG on nothing is kept, so that an edited template shows at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    django = get_wsgi_application()
    from broadsheet.config import health
    from broadsheet.delivery.edge import Edge
    from broadsheet.delivery.pictures import Pictures
    from broadsheet.delivery.store import MOST_BYTES, ReadyPages

    return Edge(
        django,
        pages=ReadyPages(0 if settings.DEBUG else MOST_BYTES),
        pictures=Pictures(settings.MEDIA_ROOT),
        aside={"/healthz": health.alive, "/readyz": health.ready},
    )


application = make()
if os.environ.get("BROADSHEET_SERVED"):
    leave_with_parent()
