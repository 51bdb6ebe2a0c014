"""Published pictures from disk, and nothing else from disk."""

from __future__ import annotations

import pytest

from broadsheet.delivery.edge import Edge
from broadsheet.delivery.pictures import Pictures
from broadsheet.delivery.store import ReadyPages
from broadsheet.delivery.tests.conftest import ask


@pytest.fixture
def media(tmp_path):
    (tmp_path / "media/pictures/ab").mkdir(parents=True)
    (tmp_path / "media/original_images").mkdir()
    (tmp_path / "media/pictures/ab/bridge-640.avif").write_bytes(b"avif bytes")
    (tmp_path / "media/pictures/bridge.jpg").write_bytes(b"jpeg bytes")
    (tmp_path / "media/pictures/page.html").write_text("<script>")
    (tmp_path / "media/pictures/.hidden.jpg").write_bytes(b"x")
    (tmp_path / "media/original_images/secret.jpg").write_bytes(b"with its place of making")
    (tmp_path / "media/pictures/link.jpg").symlink_to(tmp_path / "media/original_images/secret.jpg")
    return tmp_path / "media"


@pytest.fixture
def edge(media):
    def django(environ, start_response):
        start_response("404 Not Found", [])
        return [b"django"]

    return Edge(django, pages=ReadyPages(), pictures=Pictures(media))


def test_a_picture_goes_out_with_its_type_to_be_kept_for_ever(edge):
    answer = ask(edge, "/media/pictures/ab/bridge-640.avif")
    assert answer.body == b"avif bytes"
    assert answer.headers["Content-Type"] == "image/avif"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Length"] == "10"


def test_a_client_that_has_the_picture_hears_304_and_head_has_no_body(edge):
    etag = ask(edge, "/media/pictures/bridge.jpg").headers["ETag"]
    assert ask(edge, "/media/pictures/bridge.jpg", if_none_match=etag).status == 304
    head = ask(edge, "/media/pictures/bridge.jpg", "HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", "10")


@pytest.mark.parametrize(
    "address",
    [
        "/media/pictures/",
        "/media/pictures/ab",
        "/media/pictures/page.html",
        "/media/pictures/.hidden.jpg",
        "/media/pictures/link.jpg",
        "/media/pictures/none.jpg",
        "/media/original_images/secret.jpg",
        "/media/pictures/../original_images/secret.jpg",
        "/media/pictures/ab/../../original_images/secret.jpg",
        "/media/pictures/%2e%2e/original_images/secret.jpg",
        "/media/pictures//ab/bridge-640.avif",
        "/media/pictures/ab\\..\\bridge.jpg",
        "/media/pictures/bridge.jpg%00.html",
        "/media/pictures/bridge.jpg/",
    ],
)
def test_nothing_else_on_the_disk_can_be_read(edge, address):
    assert ask(edge, address).body == b"django"
