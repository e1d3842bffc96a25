"""Photos people send: checked, turned upright, shrunk, stripped of all but the picture, stored.

Nothing of the file that came in is kept: what is stored is drawn anew, so no position, no camera
number and no hidden payload survives. Sizes are checked before a byte is decoded.
"""

import errno
import hashlib
import io
import math
import os
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import pillow_heif
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from linli.kernel.clock import local
from linli.kernel.errors import BadInput, NoSpace
from linli.kernel.ids import new_id

# Phones in their finest mode take 8192 x 6144; a flat colour of that size is 150 MB when unpacked.
MAX_PIXELS = 52_000_000
LONG_SIDE, THUMB_SIDE = 1600, 400
QUALITY, THUMB_QUALITY = 80, 72
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
SRGB = ImageCms.createProfile("sRGB")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error)
# One at a time in each process: eight large photos at once would not fit into a small machine.
_decoding = threading.Lock()

pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned photo and its small version, both JPEG. sha256 is that of `data`."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Where a photo and its small version are, as names in the default storage."""

    path: str
    thumb_path: str


def clean(file: IO[bytes]) -> Picture:
    """Return the photo in a file, cleaned; of a moving picture, the first frame.

    Errors: BadInput, with words that say what to do about it.
    """
    _check_size(file)
    kind = _kind(file)
    with _decoding, _only_pictures():
        with _open(file, kind) as image:
            picture = _upright(image)
        thumb = picture.copy()
        thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
        data = _jpeg(picture, QUALITY)
        return Picture(
            data=data,
            thumb=_jpeg(thumb, THUMB_QUALITY),
            width=picture.width,
            height=picture.height,
            sha256=hashlib.sha256(data).hexdigest(),
        )


def folder_of(tenant_id: int, now: datetime) -> str:
    """Return the folder in which a tenant's photos of that month lie."""
    return f"{tenant_id}/{local(now):%Y/%m}"


def store(picture: Picture, folder: str) -> StoredPicture:
    """Write a photo and its small version under a new name; both or none.

    A caller whose transaction fails afterwards calls `discard`. Errors: NoSpace.
    """
    name = f"{folder}/{new_id()}"
    stored = StoredPicture(f"{name}.jpg", f"{name}.thumb.jpg")
    try:
        _write(stored.path, picture.data)
        _write(stored.thumb_path, picture.thumb)
    except OSError as error:
        discard([stored.path, stored.thumb_path])
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = _("存照片的空间满了，这张没有存上。可以先只交文字，照片过一会儿再补。")
        raise NoSpace(message, field="photos") from None
    return stored


def discard(paths: Iterable[str]) -> None:
    """Remove stored photos; those that are gone already are no matter."""
    for path in paths:
        with suppress(FileNotFoundError):
            os.unlink(default_storage.path(path))


def _check_size(file: IO[bytes]) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > settings.PHOTO_MAX_BYTES:
        raise _refused(
            _("这张照片有 %(size)s MB，太大了（最多 %(limit)s MB）。截一张图再选，或者换一张。")
            % {"size": math.ceil(size / 2**20), "limit": settings.PHOTO_MAX_BYTES // 2**20}
        )
    if size == 0:
        raise _refused(_("这张照片是空的，可能没有传完整，重新选一次。"))


def _kind(file: IO[bytes]) -> str:
    """Tell what a file is by how it begins; its name is only a claim. Errors: BadInput."""
    head = file.read(12)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[4:8] == b"ftyp" and head[8:] in HEIF_BRANDS:
        return "HEIF"
    raise _refused(_not_a_picture(head))


def _not_a_picture(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return _("这个文件是 PDF，不是照片。拍一张，或者从相册里选一张。")
    if head[4:8] == b"ftyp":
        return _("这是一段视频，目前只收照片。可以截一张图再选。")
    return _("这个文件不是照片。可以选手机拍的照片，或者 JPG、PNG 图片。")


@contextmanager
def _only_pictures() -> Iterator[None]:
    """Turn what decoders say about bad files into words for people."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except BROKEN:
        raise _refused(
            _("这张照片打不开，可能坏了或没有传完整。重新选一次，或者换一张。")
        ) from None


def _open(file: IO[bytes], kind: str) -> Image.Image:
    """Open a file as what it is, header only. Errors: BadInput when unpacking would be too much."""
    # Pillow hands a WebP to its decoder on opening, which makes room for the whole canvas.
    if kind == "WEBP" and math.prod(_webp_size(file)) > MAX_PIXELS:
        raise _too_many_pixels()
    image = Image.open(file, formats=[kind])
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    return image


def _webp_size(file: IO[bytes]) -> tuple[int, int]:
    head = file.read(30).ljust(30, b"\0")
    file.seek(0)
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return struct.unpack("<HH", head[26:30])


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture alone: small enough, upright, opaque, in sRGB, without any metadata."""
    if image.mode not in ("RGB", "L", "CMYK", "YCbCr", "LAB"):
        # Palettes and transparency go before shrinking, or edges would get colours of their own.
        image = _on_white(image)
    # A JPEG can be decoded at a half, a quarter or an eighth: several times faster and smaller.
    shrink = min(1, LONG_SIDE / max(image.size))
    image.draft(None, (int(image.width * shrink), int(image.height * shrink)))
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
    upright = _srgb(ImageOps.exif_transpose(image))
    upright.info.clear()
    return upright


def _on_white(image: Image.Image) -> Image.Image:
    info, exif = dict(image.info), image.getexif()
    if image.mode.startswith("I;16") or image.mode == "I":
        opaque = image.convert("I").point(lambda value: value * (1 / 257)).convert("RGB")
    else:
        layer = image.convert("RGBA")
        opaque = Image.new("RGB", layer.size, "white")
        opaque.paste(layer, mask=layer.getchannel("A"))
    opaque.info = info
    if exif:
        opaque.info["exif"] = exif.tobytes()
    return opaque


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile:
        # A wrong profile is no reason to refuse a photo: its colours are then taken as they are.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
            return converted or image.convert("RGB")
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    # Neither optimised nor progressive: 7 ms instead of 47 for a tenth of the size.
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _write(name: str, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _too_many_pixels() -> BadInput:
    return _refused(_("这张照片尺寸太大了（超过 5000 万像素）。截一张图再选，或者换一张。"))


def _refused(message: str) -> BadInput:
    return BadInput(message, field="photos")


def open_stored(path: str) -> IO[bytes]:
    """Open a stored photo for reading. Errors: FileNotFoundError."""
    return default_storage.open(path)
