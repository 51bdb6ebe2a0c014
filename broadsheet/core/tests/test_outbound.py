"""The one way out: whom we call, and what we take from them."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from pathlib import Path

import pytest

from broadsheet.core import outbound
from broadsheet.core.outbound import Unreachable, fetch, is_public

SAMPLES = [  # by rule; a public corpus of such addresses has thousands, and they come down to these
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://localhost/",
    "http://localhost./",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fd00::5]/",
    "http://[fe80::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.8/",
    "http://198.18.0.1/",
    "http://240.0.0.1/",
    "gopher://example.com/",
    "file:///etc/passwd",
    "ftp://example.com/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "//example.com/",
    "example.com",
    "",
    "http://",
    "http:///path",
    "http://example.com:23/",
    "https://example.com:80/",
    "http://example.com:443/",
    "http://a@127.0.0.1/",
    "http://example.com@127.0.0.1/",
    "http://a:b@example.com/",
    "http://@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1?@example.com/",
    "http://exa mple.com/",
    "http://example.com/\r\nHost: internal",
    "http://example.com\t/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
]


@pytest.mark.parametrize("url", SAMPLES)
def test_nothing_inside_the_newsroom_is_called(url):
    with pytest.raises(Unreachable):
        fetch(url)


PROJECT = Path(__file__).parents[4] / "shared/data/security/ssrf-sample.jsonl"


@pytest.mark.skipif(not PROJECT.is_file(), reason="the attack samples are not beside this checkout")
def test_the_project_s_samples_are_blocked_or_allowed_as_they_say():
    for line in PROJECT.read_text().splitlines():
        sample = json.loads(line)
        if sample["expect"] == "block":
            with pytest.raises(Unreachable):
                fetch(sample["url"])
        else:
            outbound._checked(sample["url"])


@pytest.mark.parametrize("number", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::1", "2a00:1450:4001::1"])
def test_numbers_of_the_public_internet_pass(number):
    assert is_public(number)


@pytest.mark.parametrize(
    "number", ["fe80::1%eth0", "example.org", "", "1.1.1.1/32", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_what_is_no_plain_public_number_does_not(number):
    assert not is_public(number)


class Site(http.server.ThreadingHTTPServer):
    """Another server, on loopback; it keeps what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked = []
        self.address = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.address}"


class Answering(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.do_GET(self.rfile.read(length))

    def do_GET(self, body=b""):
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        path, _, rest = self.path.partition("?")
        if path in {"/onward", "/round"}:
            self.send_response(302)
            self.send_header("Location", rest or path)
        elif path == "/packed":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
        elif path == "/cookie":
            self.send_response(200)
            self.send_header("Set-Cookie", "who=you")
        else:
            self.send_response(200)
        self.end_headers()
        try:
            if path == "/endless":
                while True:
                    self.wfile.write(b"x" * 65536)
            if path == "/slow":
                for _ in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            self.wfile.write(b"hello")
        except OSError:
            pass


@pytest.fixture
def site(settings):
    with Site() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.OUTBOUND_INSIDE = [server.address]
        yield server
        server.shutdown()


def test_a_server_inside_is_called_where_a_setting_names_it(site, settings):
    answer = fetch(f"{site.url}/")
    assert (answer.status, answer.body) == (200, b"hello")
    settings.OUTBOUND_INSIDE = []
    with pytest.raises(Unreachable, match="usual ports"):
        fetch(f"{site.url}/")
    assert len(site.asked) == 1


def test_a_name_counts_for_nothing_and_its_number_for_all(site, settings, monkeypatch):
    """A name that was public a moment ago (DNS rebinding): the number is looked at when we connect, and called."""
    monkeypatch.setattr(outbound, "PORTS", {"http": site.server_port, "https": 443})
    settings.OUTBOUND_INSIDE = []
    numbers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: numbers)
    with pytest.raises(Unreachable, match="public internet"):
        fetch("http://rebound.example/")
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80)), *numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: mixed)
    with pytest.raises(Unreachable, match="public internet"):
        fetch("http://rebound.example/")
    assert site.asked == []


def test_nobody_is_sent_on_unless_asked_for_and_every_hop_is_looked_at(site):
    there = f"{site.url}/onward?{site.url}/"
    assert fetch(there).status == 302
    assert fetch(there, follow=True).body == b"hello"
    for inside in ("http://127.0.0.1:1/", "http://169.254.169.254/", "file:///etc/passwd", "//10.0.0.1/"):
        with pytest.raises(Unreachable):
            fetch(f"{site.url}/onward?{inside}", follow=True)
    with pytest.raises(Unreachable, match="on and on"):
        fetch(f"{site.url}/round", follow=True)


def test_no_proxy_no_password_and_no_cookie_goes_along(site, monkeypatch, tmp_path):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    fetch(f"{site.url}/cookie")
    fetch(f"{site.url}/")
    headers = site.asked[-1][2]
    assert "Cookie" not in headers and "Authorization" not in headers


def test_more_than_a_megabyte_is_not_taken(site):
    with pytest.raises(Unreachable, match="megabyte"):
        fetch(f"{site.url}/endless")


def test_what_is_packed_is_not_unpacked(site):
    with pytest.raises(Unreachable, match="did not ask"):
        fetch(f"{site.url}/packed")
    assert site.asked[-1][2]["Accept-Encoding"] == "identity"


def test_a_server_that_dribbles_is_cut_off(site, monkeypatch):
    monkeypatch.setattr(outbound, "WITHIN", 0.5)
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"longer than|does not answer"):
        fetch(f"{site.url}/slow")
    assert time.monotonic() - began < 3


def test_a_server_that_says_nothing_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(outbound, "WITHIN", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        settings.OUTBOUND_INSIDE = [address]
        with pytest.raises(Unreachable):
            fetch(f"http://{address}/")


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(outbound, "WITHIN", 0.2)
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait(5) and [])
    began = time.monotonic()
    with pytest.raises(Unreachable):
        fetch("https://slow.example/")
    assert time.monotonic() - began < 2
    never.set()


def test_a_post_carries_its_body_and_headers(site):
    fetch(f"{site.url}/", method="POST", headers={"TTL": "60"}, body=b"")
    verb, _, headers, body = site.asked[-1]
    assert (verb, headers["TTL"], headers["Content-Length"], body) == ("POST", "60", "0", b"")


def test_only_listed_servers_are_called_where_there_is_a_list(settings):
    settings.OUTBOUND_HOSTS = ["push.example", ".services.example"]
    for url in ("https://push.example/x", "https://a.services.example/", "https://PUSH.example./"):
        outbound._checked(url)
    for url in ("https://other.example/", "https://services.example/", "https://evilpush.example/"):
        with pytest.raises(Unreachable, match="outbound_hosts"):
            fetch(url)
