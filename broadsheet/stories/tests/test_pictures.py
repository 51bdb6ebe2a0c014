"""The one way in for pictures, and what readers get of them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.template import Context, Template
from PIL import Image

from broadsheet.core.refusals import Refused, Unacceptable
from broadsheet.stories.pictures import Picture, add_picture
from broadsheet.stories.pictures import facts as picture_facts
from broadsheet.stories.pictures.intake import take
from broadsheet.stories.pictures.sizes import folder_path, widths_for

PICTURES = Path(__file__).parent / "pictures"


def _opened(name):
    return BytesIO((PICTURES / name).read_bytes())


def _drawn(width, height, mode="RGB", **how):
    out = BytesIO()
    Image.new(mode, (width, height), "red" if mode == "RGB" else 0).save(out, **{"format": "JPEG", **how})
    out.seek(0)
    return out


def _served(picture):
    return sorted(folder_path(picture.folder).iterdir())


def test_what_a_file_says_of_itself_fills_the_facts():
    assert take(_opened("full.jpg")).facts == picture_facts.Facts(
        headline="Skier at a test venue",
        caption="A skier trains at a test venue in Exampleville, Feb. 8, 2014.",
        creator="Ana Ruiz",
        credit="Example Wire/Ana Ruiz",
        copyright_notice="Copyright 2014 Example Wire. All rights reserved.",
        instructions="No sales. Editorial use only.",
        rights_page="https://example.org/rights",
        description="A skier in a red suit turns past a blue gate.",
        digital_source="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    )


def test_the_old_block_alone_is_read_too():
    facts = take(_opened("iim-only.jpg")).facts
    assert (facts.creator, facts.credit) == ("Ana Ruiz", "Example Wire/Ana Ruiz")
    assert facts.caption.startswith("A skier trains")


def test_xmp_wins_over_iim_where_they_differ():
    assert take(_opened("xmp-iim-conflict.jpg")).facts.credit == "Other Agency/Someone Else"


def test_a_picture_made_by_a_machine_is_known_as_such(db):
    picture = add_picture(file=_opened("ai-generated.jpg"), title="Skier")
    assert picture.is_made_by_machine


def test_old_text_without_the_unicode_marker_is_read_as_latin_1():
    assert picture_facts._decoded("Jürgen".encode("cp1252"), marked=False) == "Jürgen"
    assert picture_facts._decoded("Jürgen".encode(), marked=True) == "Jürgen"


@pytest.mark.parametrize(
    "packet",
    [
        b"<x",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"\xff\xfe\x00",
        b"<a>" * 10,
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b" " * picture_facts.LARGEST_PACKET,
    ],
)
def test_a_damaged_or_hostile_packet_says_nothing_and_harms_nothing(packet):
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", xmp=packet)
    assert take(out).facts == picture_facts.Facts()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bomb-20000.png", "million pixels"),
        ("script.svg", "no picture"),
        ("text-named.jpg", "no picture"),
    ],
)
def test_what_is_no_picture_we_can_take_is_refused_with_a_reason(db, name, why):
    with pytest.raises(Unacceptable, match=why):
        add_picture(file=_opened(name), title="Something")
    assert not Picture.objects.exists()


def test_the_number_of_pixels_is_checked_before_any_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(Unacceptable, match="million pixels"):
        take(_opened("bomb-20000.png"))


def test_a_truncated_picture_is_refused():
    with pytest.raises(Unacceptable, match="no picture"):
        take(BytesIO((PICTURES / "full.jpg").read_bytes()[:20_000]))


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("broadsheet.stories.pictures.intake.MOST_BYTES", 1000)
    with pytest.raises(Unacceptable, match="larger than"):
        take(_opened("full.jpg"))


def test_a_gif_is_refused():
    with pytest.raises(Unacceptable, match="JPEG, PNG, WebP or AVIF"):
        take(_drawn(10, 10, format="GIF"))


def test_nothing_private_is_kept_or_served(db):
    picture = add_picture(file=_opened("gps-sample.jpg"), title="Somewhere")
    kept = [Path(picture.file.path), *_served(picture)]
    assert len(kept) > 3
    for file in kept:
        content = file.read_bytes()
        assert b"PRIVATE-" not in content, file.name
        with Image.open(file) as image:
            assert not dict(image.getexif()), file.name
            assert "icc_profile" not in image.info, file.name


def test_a_picture_taken_on_its_side_is_turned_upright(db):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = add_picture(file=_drawn(40, 20, exif=exif), title="Upright")
    assert (picture.width, picture.height) == (20, 40)


@pytest.mark.parametrize(
    ("mode", "how"), [("CMYK", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("I;16", "PNG")]
)
def test_pictures_of_other_colour_modes_are_taken(mode, how):
    assert take(_drawn(12, 10, mode, format=how)).image.mode == "RGB"


def test_sizes_are_never_wider_than_the_picture():
    assert widths_for(200) == [200]
    assert widths_for(640) == [320, 640]
    assert widths_for(1000) == [320, 640, 960, 1000]
    assert widths_for(9000) == [320, 640, 960, 1280, 1920, 2560]


def test_each_size_comes_in_three_formats_made_once(picture):
    assert [file.name for file in _served(picture)] == sorted(
        f"{width}.{kind}" for width in (320, 640) for kind in ("avif", "jpg", "webp")
    )
    for file in _served(picture):
        with Image.open(file) as image:
            assert image.width == int(file.stem)


def test_each_size_carries_the_credit_in_a_small_packet(picture):
    for file in _served(picture):
        with Image.open(file) as image:
            packet = image.info["xmp"]
            facts = picture_facts.read(image)
        assert len(packet) < 2000, file.name
        assert (facts.creator, facts.credit) == ("Ana Ruiz", "Example Wire/Ana Ruiz"), file.name
        assert facts.copyright_notice.startswith("Copyright 2014"), file.name
        assert facts.rights_page == "https://example.org/rights", file.name


@pytest.mark.any_database
def test_a_changed_credit_is_in_every_size_under_a_new_address(picture, django_capture_on_commit_callbacks):
    before = picture.folder
    picture.credit = "A & B <Wire>"
    with django_capture_on_commit_callbacks(execute=True):
        picture.save()
    assert picture.folder != before
    assert not folder_path(before).exists()
    for file in _served(picture):
        with Image.open(file) as image:
            assert picture_facts.read(image).credit == "A & B <Wire>"


def test_saving_what_readers_do_not_see_makes_no_size_again(picture):
    before = picture.folder
    picture.title = "Another title"
    picture.save()
    assert picture.folder == before


def test_originals_lie_outside_what_is_served(picture):
    assert "pictures" not in Path(picture.file.name).parts
    assert picture.file.name.startswith("originals/")


def test_the_markup_has_measures_formats_and_no_unsafe_word(picture):
    html = Template('{% load pictures %}{% picture p alt=alt sizes="50vw" lead=True %}').render(
        Context({"p": picture, "alt": '"><script>alert(1)</script>\x00'})
    )
    assert "<script>" not in html
    assert "\x00" not in html
    for part in ('width="640"', 'height="400"', "image/avif", "image/webp", 'sizes="50vw"', 'fetchpriority="high"'):
        assert part in html
    assert f"/media/pictures/{picture.folder}/320.avif 320w" in html


def test_where_there_is_no_picture_the_tag_prints_nothing():
    assert Template("{% load pictures %}{% picture p %}").render(Context({"p": None})) == ""


def test_a_lazy_picture_is_fetched_when_it_comes_near(picture):
    assert 'loading="lazy"' in picture.markup(alt="", sizes="100vw")


def test_deleting_a_picture_deletes_its_sizes(picture, django_capture_on_commit_callbacks):
    folder = folder_path(picture.folder)
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert not folder.exists()


def test_a_picture_in_a_story_cannot_be_deleted(picture, make_draft):
    from broadsheet.stories.actions import publish_story

    publish_story(story=make_draft(body=[("picture", {"picture": picture})]))
    with pytest.raises(Refused, match="Mill closes"):
        picture.delete()
    with pytest.raises(Refused):
        Picture.objects.filter(pk=picture.pk).delete()


def test_facts_given_by_hand_win_over_the_file(db):
    assert add_picture(file=_opened("full.jpg"), title="Skier", credit="Ours").credit == "Ours"
