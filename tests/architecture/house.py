"""Where the house's files are and in which order its rooms stand, for the tests of its shape."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINLI = ROOT / "linli"
ROOMS = sorted(path.name for path in LINLI.iterdir() if (path / "apps.py").exists())


@cache
def files(*suffixes: str) -> list[Path]:
    """Return every file of the project that is or could be committed, by suffix."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    found = [ROOT / name for name in sorted(listed.split("\0")) if name]
    return [path for path in found if path.is_file() and (not suffixes or path.suffix in suffixes)]


def contracts() -> list[dict]:
    """Return the import contracts as pyproject.toml has them."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def levels() -> dict[str, int]:
    """Return how high each room stands: the kernel 0, siblings alike."""
    layers = next(each["layers"] for each in contracts() if each["id"] == "rooms")
    return {
        room: level
        for level, layer in enumerate(reversed(layers))
        for room in re.findall(r"\w+", layer)
    }


def name_of(path: Path) -> str:
    """Return a path as the project knows it."""
    return str(path.relative_to(ROOT))
