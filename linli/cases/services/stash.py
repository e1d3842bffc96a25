"""Photos that wait for the rest of a report: cleaned once, kept for a day beside the form's key.

Whoever has to correct a word, choose a place or look at what is nearby must not choose the photos
again. Only the form that brought them knows their key and their names.
"""

import hashlib
import io
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from PIL import Image

from linli.kernel import pictures, tenancy
from linli.kernel.pictures import Picture

KEPT_FOR = timedelta(days=1)


def stash_photos(*, key: UUID, photos: Iterable[Picture]) -> list[str]:
    """Keep cleaned photos until the report is sent; return the names by which they are found.

    Errors: NoSpace.
    """
    folder = _folder(key)
    return [Path(pictures.store(photo, folder).path).stem for photo in photos]


def stashed_photos(key: UUID, names: Iterable[str]) -> dict[str, Picture]:
    """Return the photos of a form that are still there, by name, in the order of the names."""
    found = {}
    for name in names:
        photo = _read(f"{_folder(key)}/{UUID(name)}")
        if photo is not None:
            found[name] = photo
    return found


def drop_stash(key: UUID) -> None:
    """Throw away what waited beside a form's key."""
    shutil.rmtree(default_storage.path(_folder(key)), ignore_errors=True)


def sweep_stash(now: datetime) -> int:
    """Throw away what has waited for more than a day; return how many forms it was."""
    waiting = Path(default_storage.path(_home()))
    old = [one for one in _folders(waiting) if _changed_at(one) < now - KEPT_FOR]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _home() -> str:
    return f"{tenancy.current_tenant_id()}/waiting"


def _folder(key: UUID) -> str:
    return f"{_home()}/{key.hex}"


def _folders(waiting: Path) -> list[Path]:
    return [one for one in waiting.iterdir() if one.is_dir()] if waiting.is_dir() else []


def _changed_at(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def _read(name: str) -> Picture | None:
    try:
        data = Path(default_storage.path(f"{name}.jpg")).read_bytes()
        thumb = Path(default_storage.path(f"{name}.thumb.jpg")).read_bytes()
    except FileNotFoundError:
        return None
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    return Picture(data, thumb, width, height, hashlib.sha256(data).hexdigest())
