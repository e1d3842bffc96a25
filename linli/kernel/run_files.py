"""The files of runs: what is being written, what can be fetched for some days, what was handed in.

They lie beside the photos, in a folder of the tenant that no address leads to, under names that say
which run and which beginning of it wrote them: a worker that was thought dead spoils nothing.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from linli.kernel.errors import NoSpace, NotFound
from linli.kernel.failures import is_disk_full
from linli.kernel.ids import new_id
from linli.kernel.tenancy import current_tenant_id

# Whatever lies here for longer belongs to no run any more; results go earlier.
FORGOTTEN: Final = timedelta(days=14)


@contextmanager
def writing(path: str) -> Iterator[IO[bytes]]:
    """Give a file to write to; it is there whole when the block ends, or not at all.

    Errors: NoSpace.
    """
    target = Path(default_storage.path(path))
    draft = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(draft, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise NoSpace(_("服务器的磁盘满了，文件没有存下来。腾出地方再来一次。")) from None
    finally:
        draft.unlink(missing_ok=True)


def result_path(run_hex: str, attempt: int) -> str:
    """Return where a beginning of a run writes its result, as a name in the storage."""
    return f"{_folder()}/{run_hex}-{attempt}.out"


def keep_input(chunks: Iterable[bytes]) -> str:
    """Keep a file that was handed in until `discard`; return its name in the storage.

    What nobody discards is swept away after FORGOTTEN. Errors: NoSpace.
    """
    path = f"{_folder()}/{new_id().hex}.in"
    with writing(path) as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def open_file(path: str) -> IO[bytes]:
    """Open a kept file. Errors: NotFound when it is gone."""
    try:
        return open(default_storage.path(path), "rb")
    except FileNotFoundError:
        raise NotFound(_("这个文件已经删掉了。")) from None


def size_of(path: str) -> int:
    """Return the bytes of a kept file."""
    return os.stat(default_storage.path(path)).st_size


def discard(path: str) -> None:
    """Delete a kept file; one that is gone already is no matter."""
    if path:
        with suppress(FileNotFoundError):
            os.unlink(default_storage.path(path))


def discard_all_of(run_hex: str, but: str = "") -> None:
    """Delete what earlier beginnings of a run have left."""
    for file in Path(default_storage.path(_folder())).glob(f"{run_hex}-*"):
        if file.name != Path(but).name:
            file.unlink(missing_ok=True)


def discard_forgotten() -> int:
    """Delete what lies here for longer than anything is kept; return how many files."""
    before, count = time.time() - FORGOTTEN.total_seconds(), 0
    for file in Path(default_storage.path(_folder())).glob("*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()
                count += 1
    return count


def _folder() -> str:
    return f"{current_tenant_id()}/runs"
