"""A server of somebody else's, on this machine, that takes webhooks and keeps what it got."""

from __future__ import annotations

import http.server
import threading

import pytest

from broadsheet.webhooks.models import CHOSEN, Delivery, Endpoint


class Receiver:
    """Answers with the next of `answers`, the last one for ever: a status, or a status with headers."""

    def __init__(self):
        self.got, self.answers = [], [(204, {})]
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                status, headers = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.OUTBOUND_INSIDE = [made.host]
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def make_endpoint(db, receiver):
    """An endpoint at the receiver that is told of everything, unless that is said otherwise."""

    def make(name="Archive", **facts):
        given = {"address": f"http://{receiver.host}/in", "events": [kind.value for kind in CHOSEN]}
        return Endpoint.objects.create(name=name, **{**given, **facts})

    return make


@pytest.fixture
def due_again():
    """Lets what waits for its next try be due now."""

    def make():
        for each in Delivery.objects.exclude(next_try_at=None):
            Delivery.objects.filter(pk=each.pk).update(next_try_at=each.event.at)

    return make
