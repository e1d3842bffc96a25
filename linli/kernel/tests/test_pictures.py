"""Photos as phones send them, and files that only claim to be photos."""

import errno
import hashlib
import io
import os
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from linli.kernel import pictures
from linli.kernel.errors import BadInput, NoSpace

RED, BLUE = (200, 30, 30), (30, 30, 200)


def scene(width=1700, height=850, mode="RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=BLUE)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options) -> io.BytesIO:
    """Return the picture as a file of that kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def exif(orientation: int = 1) -> bytes:
    """Return what a phone writes beside a photo: its make, and where it was."""
    data = Image.Exif()
    data[Base.Orientation] = orientation
    data[Base.Make] = "Secretphone"
    data.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (34.0, 36.0, 12.5)
    return data.tobytes()


def shown(picture: pictures.Picture) -> Image.Image:
    """Return the cleaned photo as a viewer sees it."""
    return Image.open(io.BytesIO(picture.data))


def near(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(colour, other, strict=True))


def refusal_of(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as refused:
        pictures.clean(io.BytesIO(content))
    return refused.value


def png_header(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims to be as large as asked."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9999))
        + chunk(b"IEND", b"")
    )


# --- what is kept of a photo ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_photo_of_every_usual_kind_becomes_a_small_jpeg(kind):
    picture = pictures.clean(saved(scene(), kind))
    image = shown(picture)
    assert (image.format, image.size) == ("JPEG", (1600, 800))
    assert (picture.width, picture.height) == (1600, 800)
    assert near(image.getpixel((100, 400)), RED)
    assert near(image.getpixel((1500, 400)), BLUE)
    assert Image.open(io.BytesIO(picture.thumb)).size == (400, 200)
    assert picture.sha256 == hashlib.sha256(picture.data).hexdigest()


def test_a_small_photo_is_not_blown_up():
    picture = pictures.clean(saved(scene(300, 200), "JPEG"))
    assert (picture.width, picture.height) == (300, 200)
    assert Image.open(io.BytesIO(picture.thumb)).size == (300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_where_and_with_what_a_photo_was_taken_is_not_kept(kind):
    options = {"comment": b"Secretcomment"} if kind == "JPEG" else {}
    sent = saved(scene(), kind, exif=exif(), xmp=b"<x>Secretxmp</x>", **options)
    assert b"Secretphone" in sent.getvalue()
    picture = pictures.clean(sent)
    assert not shown(picture).getexif()
    for content in (picture.data, picture.thumb):
        assert b"Secret" not in content
        assert b"Exif" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_taken_upright_stands_upright(kind):
    lying = scene().transpose(Image.Transpose.ROTATE_90)
    picture = pictures.clean(saved(lying, kind, exif=exif(orientation=6)))
    assert (picture.width, picture.height) == (1600, 800)
    assert near(shown(picture).getpixel((100, 400)), RED)


def test_colours_are_brought_to_the_usual_space():
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = usual.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    image = shown(pictures.clean(saved(scene(), "JPEG", icc_profile=swapped)))
    assert near(image.getpixel((100, 400)), BLUE)
    assert "icc_profile" not in image.info


def test_a_wrong_colour_profile_is_no_reason_to_refuse():
    picture = pictures.clean(saved(scene(), "JPEG", icc_profile=b"nonsense"))
    assert near(shown(picture).getpixel((100, 400)), RED)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("I;16", "PNG")],
)
def test_pictures_of_every_colour_mode_are_taken(mode, kind):
    image = scene(mode="I").convert("I;16") if mode == "I;16" else scene(mode=mode)
    assert shown(pictures.clean(saved(image, kind))).mode == "RGB"


def test_what_is_transparent_becomes_white():
    image = scene(mode="RGBA")
    image.putalpha(0)
    assert shown(pictures.clean(saved(image, "PNG"))).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (80, 80), (n, 0, 0)) for n in range(200, 250)]
    sent = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    assert near(shown(pictures.clean(sent)).getpixel((9, 9)), (200, 0, 0))


# --- what is refused, and in which words ---


def test_a_photo_of_40_mb_is_refused_with_its_size():
    refused = refusal_of(b"\xff\xd8\xff" + b"\0" * (40 * 2**20 - 3))
    assert refused.message.startswith("这张照片有 40 MB，太大了（最多 25 MB）")
    assert refused.field == "photos"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (b"%PDF-1.7\n%named.jpg", "是 PDF，不是照片"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "是一段视频"),
        (b"PK\x03\x04 a document", "不是照片"),
        (b"<svg onload=alert(1)>", "不是照片"),
        (b"\xff\xd8\xff", "打不开"),
        (b"\0\0\0\x18ftypheic nothing more", "打不开"),
        (b"RIFF\0\0\0\0WEBPVP8X", "打不开"),
        (b"GIF89a", "打不开"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(content, words):
    assert words in refusal_of(content).message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_that_was_cut_off_is_refused(kind):
    content = saved(scene(), kind).getvalue()
    assert "没有传完整" in refusal_of(content[: len(content) * 2 // 3]).message


def webp_claiming(width: int, height: int, kind: bytes) -> bytes:
    """Return the head of a WebP that claims to be as large as asked."""
    bodies = {
        b"VP8X": b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
        b"VP8L": b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + b"\0" * 5,
        b"VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height),
    }
    return b"RIFF\x1e\0\0\0WEBP" + kind + b"\x0a\0\0\0" + bodies[kind]


@pytest.mark.parametrize(
    "content",
    [
        png_header(8000, 7000),
        png_header(12_000, 12_000),
        png_header(60_000, 60_000),
        b"GIF89a"
        + struct.pack("<HH", 60_000, 60_000)
        + b"\0\0\0,"
        + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0)
        + b"\x02\x02D\x01\0;",
        webp_claiming(16_383, 16_383, b"VP8X"),
        webp_claiming(16_383, 16_383, b"VP8L"),
        webp_claiming(16_383, 16_383, b"VP8 "),
    ],
    ids=["png-56mp", "png-144mp", "png-3600mp", "gif", "webp-x", "webp-l", "webp"],
)
def test_a_small_file_that_would_unpack_into_gigabytes_is_refused_unopened(content):
    assert "5000 万像素" in refusal_of(content).message


def test_a_jpeg_of_a_fine_camera_is_taken():
    picture = pictures.clean(saved(Image.new("RGB", (8192, 6144), RED), "JPEG"))
    assert (picture.width, picture.height) == (1600, 1200)


# --- where photos are kept ---


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return tmp_path


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


FOLDER = pictures.folder_of(7, datetime(2026, 11, 30, 20, 0, tzinfo=UTC))


def test_a_photo_is_stored_with_its_small_version_by_tenant_and_local_month(media):
    picture = pictures.clean(saved(scene(), "JPEG"))
    stored = pictures.store(picture, FOLDER)
    assert FOLDER == "7/2026/12"
    assert (media / stored.path).read_bytes() == picture.data
    assert (media / stored.thumb_path).read_bytes() == picture.thumb
    assert stored.path.startswith("7/2026/12/")
    assert stored.thumb_path == stored.path.replace(".jpg", ".thumb.jpg")


def test_a_discarded_photo_is_gone_and_may_be_discarded_again(media):
    stored = pictures.store(pictures.clean(saved(scene(), "JPEG")), FOLDER)
    for _again in range(2):
        pictures.discard([stored.path, stored.thumb_path])
    assert files_in(media) == []


@pytest.mark.parametrize("full_at", [1, 3])
def test_on_a_full_disk_nothing_half_written_stays(media, monkeypatch, full_at):
    picture = pictures.clean(saved(scene(), "JPEG"))
    calls = []

    def fsync(_file: int) -> None:
        calls.append(1)
        if len(calls) == full_at:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(NoSpace, match="空间满了"):
        pictures.store(picture, FOLDER)
    assert files_in(media) == []


def test_another_failure_of_the_disk_is_not_dressed_up(media, monkeypatch):
    def fsync(_file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    picture = pictures.clean(saved(scene(), "JPEG"))
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output"):
        pictures.store(picture, FOLDER)
    assert files_in(media) == []


def test_heif_is_read_without_its_embedded_thumbnails():
    heif = pillow_heif.from_pillow(scene(800, 400))
    file = io.BytesIO()
    heif.save(file)
    assert pictures.clean(file).width == 800
