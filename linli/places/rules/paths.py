"""Paths of the area tree: codes joined from the district down, each followed by "/"."""

import re
from typing import Final

_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
_GRID_CODE: Final = re.compile(r"g(\d+)")


def is_area_code(code: str) -> bool:
    """Tell whether a code may stand in a path: letters, digits, "-" and "_", at most 20."""
    return _CODE.fullmatch(code) is not None


def child_path(parent_path: str, code: str) -> str:
    """Return the path of an area below `parent_path` ("" at the top)."""
    return f"{parent_path}{code}/"


def ancestor_paths(path: str) -> tuple[str, ...]:
    """Return the paths of an area and all above it, the highest first."""
    parts = path.rstrip("/").split("/") if path else []
    return tuple("/".join(parts[: n + 1]) + "/" for n in range(len(parts)))


def next_grid_code(taken: list[str]) -> str:
    """Return the next code of our own for a grid: g01, g02 … after the highest ever given."""
    numbers = [int(found.group(1)) for code in taken if (found := _GRID_CODE.fullmatch(code))]
    return f"g{max(numbers, default=0) + 1:02d}"
