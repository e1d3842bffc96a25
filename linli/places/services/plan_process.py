"""The search for grids runs in a process of its own: what it needs never stays in the worker's memory."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.places.errors import NoPlan

LIMIT: Final = 300  # seconds
_LOOK_EVERY: Final = 0.1
_ROOT: Final = Path(__file__).resolve().parents[3]


def propose(asked: dict[str, Any], tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Return what `rules.plan_match.propose` answers.

    tell: hears how far it is, several times a second; what it raises stops the search.
    Errors: NoPlan, and what `tell` raises.
    """
    with tempfile.TemporaryDirectory(prefix="linli-plan-") as name:
        folder = Path(name)
        (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "linli.places.rules.plan_match", name]
        process = subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            _wait(process, folder, tell)
        finally:
            process.kill()
            said = process.communicate()[1]
        if process.returncode != 0 or not (folder / "made.json").is_file():
            raise NoPlan(_("没有算出方案，原来的网格没有动。过一会儿再算一次。")) from RuntimeError(
                said.decode(errors="replace")[-2000:]
            )
        made: dict[str, Any] = json.loads((folder / "made.json").read_text(encoding="utf-8"))
        return made


def _wait(
    process: "subprocess.Popen[bytes]", folder: Path, tell: Callable[[int, int], None]
) -> None:
    for _turn in range(int(LIMIT / _LOOK_EVERY)):
        try:
            process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            tell(*_progress(folder))
            continue
        return


def _progress(folder: Path) -> tuple[int, int]:
    try:
        done, total = (folder / "progress").read_text(encoding="utf-8").split()
    except (OSError, ValueError):  # Not begun, or just being written.
        return 0, 1
    return int(done), int(total)
