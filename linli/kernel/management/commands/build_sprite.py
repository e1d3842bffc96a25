"""Draw the icons in use into two sprites, from the installed icon package."""

from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.kernel import icons

SVG = "http://www.w3.org/2000/svg"


class Command(BaseCommand):
    """Write `icons.svg` (residents' pages) and `icons-all.svg` (staff's)."""

    help = "Draw the icons in use into the sprites that pages load."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw both sprites; fail on a name that the package does not know."""
        folder = Path(settings.SPRITE_DIR) / "kernel"
        folder.mkdir(parents=True, exist_ok=True)
        packed = resources.files("lucide").joinpath("lucide.zip").read_bytes()
        with ZipFile(BytesIO(packed)) as package:
            for name, chosen in (("icons.svg", icons.RESIDENT), ("icons-all.svg", icons.ICONS)):
                (folder / name).write_text(draw(package, chosen), encoding="utf-8")
        self.stdout.write(f"{len(icons.ICONS)} icons drawn into {folder}")


def draw(package: ZipFile, names: frozenset[str]) -> str:
    """Return a sprite, one symbol per name. Errors: CommandError for an unknown name."""
    known = set(package.namelist())
    missing = sorted(name for name in names if f"{name}.svg" not in known)
    if missing:
        raise CommandError(f"Unknown icons: {', '.join(missing)}. See linli/kernel/icons.py.")
    symbols = "".join(_symbol(name, package.read(f"{name}.svg")) for name in sorted(names))
    return f'<svg xmlns="{SVG}">{symbols}</svg>'


def _symbol(name: str, source: bytes) -> str:
    drawing = ElementTree.fromstring(source)
    parts = []
    for shape in drawing:
        attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        parts.append(f"<{shape.tag.removeprefix(f'{{{SVG}}}')}{attributes}/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(parts)}</symbol>'
