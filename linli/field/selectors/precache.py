"""What the phone keeps of the product itself: the files of the field's pages, under their hashed names."""

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from PIL import Image, ImageDraw

ICON_SIZES: Final = (192, 512)
# The shell's own files, and those of the forms inside it.
_FILES: Final = (
    "kernel/tokens.css", "kernel/base.css", "kernel/layout.css", "kernel/components.css",
    "kernel/field.css", "kernel/print.css", "cases/field.css", "field/offline.css",
    "kernel/base.js", "kernel/photos.js", "kernel/seal.svg", "kernel/icons.svg", "field/idb.js",
    "field/store.js", "field/outbox.js", "field/pictures.js", "field/day.js", "field/bar.js",
    "field/leaving.js", "field/app.js",
)  # fmt: skip
SHELL: Final = "/app/shell/"
# The product's sign (kernel/seal.svg) in a box of 32, as lines.
_SIGN: Final = (
    ((6.0, 16.5), (16.0, 8.0), (26.0, 16.5)),
    ((9.0, 14.5), (9.0, 24.0), (23.0, 24.0), (23.0, 14.5)),
    ((14.0, 24.0), (14.0, 19.0), (18.0, 19.0), (18.0, 24.0)),
)


def files() -> list[str]:
    """Return the addresses that the worker keeps."""
    return [SHELL, *(staticfiles_storage.url(name) for name in _FILES)]


@lru_cache(maxsize=len(ICON_SIZES))
def icon(size: int) -> bytes:
    """Return the app's icon as PNG: the sign on our green, with room around it for any mask."""
    side = size * 4  # drawn large and made small, so that edges are smooth
    picture = Image.new("RGB", (side, side), "#12595f")
    brush = ImageDraw.Draw(picture)
    scale, width = side / 44, round(side / 20)
    for line in _SIGN:
        points = [((x + 6) * scale, (y + 6) * scale) for x, y in line]
        brush.line(points, fill="white", width=width, joint="curve")
        for x, y in points:
            brush.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), "white")
    buffer = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def version() -> str:
    """Return a name that changes with anything that the worker keeps."""
    shell = render_to_string("field/shell.html", {"is_shell": True})
    digest = hashlib.sha256(shell.encode())
    for name in (*_FILES, "field/worker.js"):
        found = finders.find(name)
        if found:
            digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:12]
