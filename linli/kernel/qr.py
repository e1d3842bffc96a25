"""QR codes: as SVG for pages, as a picture for paper. Error correction M, quiet zone included."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

QUIET = 4  # modules of white around the code; scanners need them


def svg(text: str, label: str) -> SafeString:
    """Return an inline SVG of a code, without styles; the page's CSS gives `.qr` its size.

    label: what it leads to, for people who do not see it.
    """
    rows = _modules(text)
    size = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _runs(row)
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}"'
        ' shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        '<path d="{path}" fill="#000"/></svg>',
        size=size,
        label=label,
        path=mark_safe(path),  # digits and letters made above
    )


def picture(text: str, dots: int = 10) -> Image.Image:
    """Return a code in black and white, `dots` points to a module."""
    rows = _modules(text)
    size = len(rows) + 2 * QUIET
    image = Image.new("1", (size, size), 1)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.putpixel((x + QUIET, y + QUIET), 0)
    return image.resize((size * dots, size * dots), Image.Resampling.NEAREST)


def _modules(text: str) -> tuple[bytearray, ...]:
    return segno.make(text, error="m", micro=False).matrix


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Return the dark stretches of a row as (start, length)."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if not is_dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
