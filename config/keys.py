"""The installation's own keys: made at the first start, kept in the data folder, read ever after."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def read_or_make(path: Path) -> str:
    """Return the secret kept at `path`; make it first when there is none."""
    return _read_or_make(path, lambda: secrets.token_urlsafe(48))


def read_or_make_fernet(path: Path) -> str:
    """Return the data keys kept at `path`, one per line, newest first; make one when there is none."""
    return _read_or_make(path, lambda: Fernet.generate_key().decode())


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        # Written aside and linked into place whole: of two processes that start together one
        # makes the key and the other reads it, never half of it.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()
