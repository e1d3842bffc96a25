"""Small drawings in the place of photos: what was wrong, and the same spot afterwards."""

import io
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from linli.kernel import pictures
from linli.kernel.pictures import Picture

SIZE = (880, 660)
Pen = ImageDraw.ImageDraw


def photos(scene: str, rng: Random, *, is_after: bool = False) -> tuple[Picture, ...]:
    """Return a photo of a scene, or of a landing where none is drawn for it."""
    variant = 0 if is_after else rng.randint(0, 1)
    drawn = picture(scene or "corridor", is_after=is_after, variant=variant)
    return (drawn,) if drawn else ()


@cache
def picture(scene: str, *, is_after: bool, variant: int = 0) -> Picture | None:
    """Return the drawing of a scene as a cleaned photo, or None when nobody has drawn it."""
    draw = _SCENES.get(scene)
    if draw is None:
        return None
    rng = Random(f"{scene}-{variant}")
    image = Image.new("RGB", SIZE, (202, 214, 222))
    pen = ImageDraw.Draw(image)
    if scene in ("corridor", "lift"):
        _inside(pen)
    else:
        _outside(pen, rng, variant)
    draw(pen, rng, is_after=is_after)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return pictures.clean(buffer)


def _outside(pen: Pen, rng: Random, variant: int) -> None:
    """Two blocks of flats, a tree, a path."""
    pen.rectangle((0, 430, 880, 660), fill=(150, 152, 148))
    for left, top, right in ((40, 90, 330), (380 + variant * 60, 150, 640 + variant * 60)):
        pen.rectangle((left, top, right, 440), fill=(205, 197, 180))
        for row in range(top + 24, 410, 52):
            for column in range(left + 20, right - 30, 46):
                shade = rng.choice([(92, 108, 122), (112, 128, 138), (188, 180, 150)])
                pen.rectangle((column, row, column + 26, row + 30), fill=shade)
    pen.ellipse((690, 210, 900, 430), fill=(96, 128, 84))
    pen.rectangle((786, 400, 802, 470), fill=(104, 82, 62))


def _inside(pen: Pen) -> None:
    """A landing with stairs and a door."""
    pen.rectangle((0, 0, 880, 660), fill=(214, 208, 196))
    pen.rectangle((0, 470, 880, 660), fill=(160, 152, 142))
    pen.rectangle((560, 120, 740, 480), fill=(110, 92, 76))
    pen.ellipse((582, 300, 598, 316), fill=(200, 180, 90))
    for step in range(5):
        pen.rectangle((0, 480 - step * 46, 240 - step * 40, 520 - step * 46), fill=(184, 176, 166))


def _bins(pen: Pen, rng: Random, *, is_after: bool) -> None:
    for number, colour in enumerate([(52, 96, 64), (58, 82, 120), (128, 56, 52)]):
        left = 280 + number * 120
        pen.rectangle((left, 380, left + 100, 520), fill=colour)
        pen.rectangle((left - 6, 366, left + 106, 384), fill=(48, 52, 56))
    if not is_after:
        for _n in range(46):
            x, y, r = rng.randint(240, 660), rng.randint(340, 590), rng.randint(10, 30)
            shade = rng.choice([(38, 40, 44), (222, 220, 214), (196, 168, 122), (90, 92, 96)])
            pen.ellipse((x, y, x + 2 * r, y + int(1.6 * r)), fill=shade)


def _corridor(pen: Pen, rng: Random, *, is_after: bool) -> None:
    if is_after:
        pen.rectangle((300, 560, 540, 566), fill=(140, 132, 122))
        return
    for number in range(6):
        x, y = 250 + (number % 3) * 96, 500 - (number // 3) * 92
        shade = rng.choice([(178, 142, 96), (164, 128, 84), (190, 160, 112)])
        pen.rectangle((x, y - 80, x + 90, y + 10), fill=shade)
        pen.line((x, y - 40, x + 90, y - 40), fill=(120, 92, 58), width=4)
    pen.ellipse((430, 500, 520, 590), outline=(44, 46, 50), width=8)
    pen.ellipse((540, 500, 630, 590), outline=(44, 46, 50), width=8)
    pen.line((475, 545, 585, 545, 560, 470), fill=(150, 60, 50), width=7)


def _lamp(pen: Pen, _rng: Random, *, is_after: bool) -> None:
    if not is_after:
        pen.rectangle((0, 0, 880, 660), fill=(34, 40, 50))
        pen.rectangle((0, 470, 880, 660), fill=(24, 27, 32))
    pen.line((430, 140, 430, 560), fill=(88, 92, 96), width=14)
    pen.line((430, 150, 540, 120), fill=(88, 92, 96), width=10)
    glow = (250, 232, 160) if is_after else (70, 74, 80)
    pen.ellipse((516, 104, 590, 152), fill=glow)


def _puddle(pen: Pen, rng: Random, *, is_after: bool) -> None:
    if is_after:
        pen.ellipse((420, 560, 500, 590), fill=(78, 80, 82))
        return
    for _n in range(9):
        x, y = rng.randint(160, 560), rng.randint(470, 600)
        pen.ellipse((x, y, x + rng.randint(120, 260), y + rng.randint(26, 54)), fill=(92, 106, 114))
    pen.ellipse((420, 500, 520, 540), fill=(58, 62, 66))


def _bench(pen: Pen, _rng: Random, *, is_after: bool) -> None:
    for number in range(4):
        if not is_after and number == 2:
            pen.line((280, 500, 420, 545), fill=(120, 84, 52), width=16)
            continue
        pen.rectangle((260, 440 + number * 26, 640, 456 + number * 26), fill=(132, 94, 58))
    for left in (300, 580):
        pen.rectangle((left, 540, left + 18, 610), fill=(72, 76, 80))


def _cars(pen: Pen, rng: Random, *, is_after: bool) -> None:
    pen.line((90, 600, 800, 600), fill=(214, 190, 70), width=8)
    places = [(90, 500)] if is_after else [(90, 500), (330, 480), (560, 520)]
    for left, top in places:
        colour = rng.choice([(212, 214, 216), (86, 92, 100), (70, 92, 130)])
        pen.rounded_rectangle((left, top, left + 230, top + 70), 22, fill=colour)
        pen.rounded_rectangle((left + 46, top - 46, left + 184, top + 16), 20, fill=colour)
        for wheel in (left + 34, left + 158):
            pen.ellipse((wheel, top + 46, wheel + 44, top + 90), fill=(34, 36, 40))


def _tree(pen: Pen, rng: Random, *, is_after: bool) -> None:
    pen.rectangle((430, 330, 456, 560), fill=(98, 76, 56))
    size = 90 if is_after else 170
    for _n in range(10):
        x, y = 440 + rng.randint(-size, size), 280 + rng.randint(-size, size // 2)
        pen.ellipse(
            (x - 70, y - 56, x + 70, y + 56), fill=rng.choice([(74, 112, 62), (92, 132, 76)])
        )
    if not is_after:
        pen.line((240, 600, 560, 560), fill=(98, 76, 56), width=18)


def _wires(pen: Pen, _rng: Random, *, is_after: bool) -> None:
    for left in (320, 470):
        pen.ellipse((left, 540, left + 66, 606), outline=(34, 36, 40), width=9)
    pen.line((352, 572, 430, 500, 502, 572), fill=(150, 56, 50), width=9)
    pen.line((430, 500, 446, 462), fill=(60, 62, 66), width=8)
    if not is_after:
        pen.line((180, 150, 260, 300, 330, 420, 420, 520), fill=(196, 60, 44), width=6)
        pen.rectangle((404, 512, 452, 536), fill=(238, 236, 230))


def _shed(pen: Pen, _rng: Random, *, is_after: bool) -> None:
    if is_after:
        pen.rectangle((240, 430, 600, 446), fill=(176, 168, 152))
        return
    pen.polygon(((220, 330), (620, 290), (620, 330), (220, 370)), fill=(92, 122, 148))
    pen.rectangle((240, 360, 600, 540), fill=(190, 178, 160))
    pen.rectangle((380, 410, 460, 540), fill=(104, 86, 70))


def _stall(pen: Pen, rng: Random, *, is_after: bool) -> None:
    if is_after:
        pen.line((120, 560, 780, 560), fill=(214, 190, 70), width=8)
        return
    for left in (150, 380, 610):
        colour = rng.choice([(176, 66, 56), (68, 108, 140), (196, 152, 60)])
        pen.polygon(
            ((left, 380), (left + 180, 380), (left + 150, 320), (left + 30, 320)), fill=colour
        )
        pen.rectangle((left + 16, 450, left + 164, 520), fill=(162, 138, 104))
        pen.line((left + 20, 380, left + 20, 520), fill=(90, 92, 96), width=6)


def _snow(pen: Pen, rng: Random, *, is_after: bool) -> None:
    pen.rectangle((0, 440, 880, 660), fill=(232, 238, 242))
    if is_after:
        pen.polygon(((330, 660), (470, 660), (430, 440), (380, 440)), fill=(142, 146, 150))
        return
    for _n in range(90):
        x, y = rng.randint(0, 870), rng.randint(0, 650)
        pen.ellipse((x, y, x + 7, y + 7), fill=(250, 252, 254))
    for left in range(60, 330, 24):
        pen.polygon(
            ((left, 90), (left + 10, 90), (left + 5, 130 + left % 40)), fill=(226, 238, 246)
        )


def _slope(pen: Pen, rng: Random, *, is_after: bool) -> None:
    pen.polygon(((0, 300), (880, 180), (880, 560), (0, 560)), fill=(168, 160, 148))
    if is_after:
        for left in range(40, 860, 40):
            pen.line((left, 300, left, 540), fill=(120, 124, 126), width=3)
        return
    pen.line((260, 240, 310, 330, 280, 420, 330, 540), fill=(58, 52, 46), width=12)
    for _n in range(8):
        x, y, r = rng.randint(200, 620), rng.randint(540, 610), rng.randint(14, 34)
        pen.ellipse((x, y, x + 2 * r, y + r), fill=(120, 112, 102))


def _road(pen: Pen, rng: Random, *, is_after: bool) -> None:
    if is_after:
        pen.rounded_rectangle((300, 500, 560, 590), 26, fill=(88, 90, 92))
        return
    pen.ellipse((300, 490, 570, 600), fill=(70, 66, 60))
    for _n in range(16):
        x, y = rng.randint(280, 580), rng.randint(480, 600)
        pen.ellipse((x, y, x + 22, y + 14), fill=(126, 120, 110))


def _lift(pen: Pen, _rng: Random, *, is_after: bool) -> None:
    pen.rectangle((260, 90, 540, 560), fill=(168, 172, 176))
    pen.line((400, 90, 400, 560), fill=(96, 100, 104), width=6)
    if not is_after:
        pen.rectangle((290, 250, 510, 360), fill=(250, 244, 224))
        pen.line((310, 285, 490, 285), fill=(150, 56, 50), width=10)
        pen.line((310, 322, 440, 322), fill=(120, 116, 108), width=8)


_SCENES: dict[str, Callable[..., None]] = {
    "bins": _bins,
    "corridor": _corridor,
    "lamp": _lamp,
    "puddle": _puddle,
    "bench": _bench,
    "cars": _cars,
    "tree": _tree,
    "wires": _wires,
    "shed": _shed,
    "stall": _stall,
    "snow": _snow,
    "slope": _slope,
    "road": _road,
    "lift": _lift,
}
