"""Draw the icons in use into one sprite, from the installed icon package."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from linli.kernel import icons


class Command(BaseCommand):
    """Write build/sprite/kernel/icons.svg, which staff's pages load once."""

    help = "Draw the icons in use into the sprite that staff's pages load."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw the sprite; fail on a name that the package does not know."""
        folder = Path(settings.SPRITE_DIR) / "kernel"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "icons.svg").write_text(sprite(icons.ICONS), encoding="utf-8")
        self.stdout.write(f"{len(icons.ICONS)} icons drawn into {folder}")


def sprite(names: frozenset[str]) -> str:
    """Return one symbol per name, in order. Errors: CommandError, with every unknown name."""
    symbols, unknown = [], []
    for name in sorted(names):
        try:
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{icons.shapes(name)}</symbol>')
        except KeyError:
            unknown.append(name)
    if unknown:
        raise CommandError(f"Unknown icons: {', '.join(unknown)}. See linli/kernel/icons.py.")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'
