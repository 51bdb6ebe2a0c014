"""Sites that hold our discussions: of our own invention, and one that is there, on this machine."""

from __future__ import annotations

import http.server
import threading
from urllib.parse import urlsplit

import pytest

NEWS, WEEKLY = "https://news.example", "https://weekly.example"
SNIPPET = (
    '<div data-broadsheet-discussion {told}><a href="{site}/embed/open/">Comments</a></div>'
    '<script type="module" src="{site}/embed/loader.js"></script>'
)


def page(head="", body=None, *, site="http://testserver", told=""):
    """A page of the host's, with our snippet where no other body is given."""
    inside = SNIPPET.format(site=site, told=told) if body is None else body
    return f"<!doctype html><html><head>{head}</head><body>{inside}</body></html>"


class Host:
    """A little web server; `pages` are what it has by path: a page, or (status, headers, page)."""

    def __init__(self, port=0, name="127.0.0.1"):
        host, self.pages, self.asked = self, {"/favicon.ico": (204, {}, "")}, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.asked.append(self.path)
                found = host.pages.get(urlsplit(self.path).path, (404, {}, "nothing"))
                status, headers, body = (200, {}, found) if isinstance(found, str) else found
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *said):
                """In silence."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://{name}:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def host(settings):
    """A site that may hold our discussions, and that we may call."""
    found = Host()
    settings.EMBED_SITES = [found.url]
    settings.OUTBOUND_INSIDE = [f"127.0.0.1:{found.port}"]
    settings.SITE_URL = "http://testserver"
    yield found
    found.close()
