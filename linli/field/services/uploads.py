"""Photos that come in pieces: announced, sent piece by piece, gone on with after a break, cleaned.

The pieces of a photo lie in one file until it is whole; its hash is looked at then, and what is kept
is drawn anew like every photo (kernel/pictures.py).
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.errors import BrokenUpload, OtherContent, WrongOffset
from linli.field.models import Upload
from linli.kernel import pictures, tenancy
from linli.kernel.errors import BadInput, NoSpace, NotFound, TooMany
from linli.kernel.failures import is_disk_full
from linli.kernel.rows import insert_once

MOST_OPEN: Final = 200  # photos of one account that no submission has yet
MOST_PIECE: Final = 1024 * 1024
# What no submission took in so long is thrown away: the phone has the photo still.
KEPT_FOR: Final = timedelta(days=7)


def announce(
    *, upload_id: UUID, size: int, sha256: str, account_id: UUID, now: datetime
) -> tuple[Upload, bool]:
    """Make room for a photo; return it and whether it is new. The same again is the same upload.

    size: in bytes; sha256: of the whole, as hex. Errors: BadInput (too big), OtherContent, TooMany.
    """
    if not 0 < size <= settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // 2**20
        raise BadInput(_("照片太大了，最多 %(n)d MB。") % {"n": limit}, field="size")
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise BadInput(_("sha256 要写成 64 位十六进制小写。"), field="sha256")
    row = Upload(
        upload_id=upload_id, account_id=account_id, size=size, sha256=sha256, created_at=now,
        touched_at=now,
    )  # fmt: skip
    if insert_once(row):
        if Upload.objects.filter(account_id=account_id, used_at=None).count() > MOST_OPEN:
            row.delete()
            raise TooMany(_("还没交的照片太多了，先把前面的记录交完。"))
        return row, True
    known = get_upload(upload_id, account_id)
    if (known.size, known.sha256) != (size, sha256):
        raise OtherContent(_("这张照片的编号已经用过，内容不一样。"))
    return known, False


def get_upload(upload_id: UUID, account_id: UUID, *, lock: bool = False) -> Upload:
    """Return an upload of an account. Errors: NotFound."""
    rows = Upload.objects.select_for_update() if lock else Upload.objects.all()
    found = next(iter(rows.filter(upload_id=upload_id, account_id=account_id)), None)
    if found is None:
        raise NotFound(_("没有这张照片。"))
    return found


def how_far(*, upload_id: UUID, account_id: UUID, now: datetime) -> Upload:
    """Return an upload as far as it has come; one whose end was not looked at yet is looked at now.

    Errors: NotFound, BrokenUpload, BadInput, NoSpace.
    """
    row = get_upload(upload_id, account_id)
    return _finish(row, now) if row.received == row.size and not row.is_whole else row


def add_piece(
    *, upload_id: UUID, offset: int, piece: bytes, account_id: UUID, now: datetime
) -> Upload:
    """Put a piece behind those that came; the last one makes the photo whole and clean.

    Errors: NotFound, WrongOffset (go on at its `offset`), BrokenUpload (begin anew), BadInput (no photo
    at all), NoSpace.
    """
    row = _add(upload_id, offset, piece, account_id, now)
    return row if row.is_whole or row.received < row.size else _finish(row, now)


def keep_whole(*, upload_id: UUID, file: IO[bytes], account_id: UUID, now: datetime) -> Upload:
    """Keep a photo that came in one go; the same id with the same photo is kept once.

    Errors: OtherContent, BadInput, NoSpace, TooMany.
    """
    digest = _digest(file)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    row, _is_new = announce(
        upload_id=upload_id, size=size, sha256=digest, account_id=account_id, now=now
    )
    return row if row.is_whole else _store(row, lambda: pictures.clean(file), now)


def sweep_unused(*, now: datetime) -> int:
    """Throw away photos that no submission took in a week; return how many."""
    old = Upload.objects.filter(used_at=None, touched_at__lt=now - KEPT_FOR).order_by("touched_at")
    rows = list(old[:200])
    for row in rows:
        if Upload.objects.filter(pk=row.pk, used_at=None).delete()[0]:
            _part(row).unlink(missing_ok=True)
            pictures.discard(path for path in (row.path, row.thumb_path) if path)
    return len(rows)


@transaction.atomic
def _add(upload_id: UUID, offset: int, piece: bytes, account_id: UUID, now: datetime) -> Upload:
    row = get_upload(upload_id, account_id, lock=True)
    if row.is_whole:
        return row
    if offset != row.received:
        raise WrongOffset(_("从已经收到的地方接着传。"), offset=row.received)
    if not 0 < len(piece) <= min(MOST_PIECE, row.size - row.received):
        raise BadInput(_("这一段太长或者是空的。"), field="piece")
    _write(row, piece)
    row.received += len(piece)
    row.touched_at = now
    row.save(update_fields=["received", "touched_at"])
    return row


def _finish(row: Upload, now: datetime) -> Upload:
    """Look at the whole: is it what was announced, is it a photo."""
    part = _part(row)
    # Without its file, after a disk was lost or a try broke off, it begins anew as well.
    with suppress(FileNotFoundError), open(part, "rb") as file:
        if _digest(file) == row.sha256:
            return _store(row, lambda: pictures.clean(file), now)
    row.refresh_from_db()
    if row.is_whole:  # the same last piece came twice at once
        return row
    part.unlink(missing_ok=True)
    Upload.objects.filter(pk=row.pk, finished_at=None).update(received=0)
    raise BrokenUpload(_("照片传坏了，要从头再传。"), field="photos")


def _store(row: Upload, clean: Callable[[], pictures.Picture], now: datetime) -> Upload:
    picture = clean()
    stored = pictures.store(picture, pictures.folder_of(row.tenant_id, now))
    fresh = Upload.objects.filter(pk=row.pk, finished_at=None)
    facts = {
        "path": stored.path, "thumb_path": stored.thumb_path, "width": picture.width,
        "height": picture.height, "picture_sha256": picture.sha256, "received": row.size,
        "finished_at": now, "touched_at": now,
    }  # fmt: skip
    if fresh.update(**facts) != 1:  # the same last piece came twice at once
        pictures.discard([stored.path, stored.thumb_path])
    _part(row).unlink(missing_ok=True)
    row.refresh_from_db()
    return row


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(MOST_PIECE):
        digest.update(chunk)
    return digest.hexdigest()


def _write(row: Upload, piece: bytes) -> None:
    part = _part(row)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        # At its place, not at the end: what a broken try left behind is written over.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(handle, piece, row.received)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise NoSpace(_("服务器的磁盘满了，照片先留在手机上，过一会儿会接着传。")) from None


def _part(row: Upload) -> Path:
    folder = f"{tenancy.current_tenant_id()}/pieces"
    return Path(default_storage.path(f"{folder}/{row.pk.hex}.part"))
