"""Photos on their way to an entry or a matter: files first, then rows; files gone when it fails."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from linli.campaigns.models import Entry, EntryPhoto, Matter, MatterPhoto, Stage
from linli.cases.services.photos import KeptPhoto, stores_photos
from linli.kernel import pictures
from linli.kernel.actor import Actor
from linli.kernel.pictures import Picture

# Cleaned on the way in; with files on disk once `stores_shots` has been there.
Shots = tuple[Picture | KeptPhoto, ...]
stores_shots = stores_photos  # the same rule as for a case: nobody waits for a disk under a lock


def keep_shots(
    entry: Entry, shots: Iterable[Any], *, stage: Stage, actor: Actor, now: datetime
) -> None:
    """Write the rows of photos whose files are on disk; one that the entry has already counts once."""
    known = set(entry.photos.filter(stage=stage).values_list("sha256", flat=True))
    for facts in _new(shots, known, stage=stage, actor=actor, now=now):
        EntryPhoto.objects.create(entry=entry, **facts)


def keep_evidence(
    matter: Matter, shots: Iterable[Any], *, stage: Stage, actor: Actor, now: datetime
) -> None:
    """Write the rows of photos that show a matter; one that it has already counts once."""
    known = set(matter.photos.filter(stage=stage).values_list("sha256", flat=True))
    for facts in _new(shots, known, stage=stage, actor=actor, now=now):
        MatterPhoto.objects.create(matter=matter, **facts)


def _new(
    shots: Iterable[Any], known: set[str], *, stage: Stage, actor: Actor, now: datetime
) -> Iterator[dict[str, Any]]:
    for shot in shots:
        if shot.sha256 in known:
            pictures.discard((shot.path, shot.thumb_path))
            continue
        known.add(shot.sha256)
        yield {
            "stage": stage,
            "path": shot.path,
            "thumb_path": shot.thumb_path,
            "sha256": shot.sha256,
            "account_id": actor.account_id,
            "created_at": now,
        }


def forget_shots(rows: Any) -> None:
    """Delete photos, and their files with the commit."""
    paths = [path for pair in rows.values_list("path", "thumb_path") for path in pair]
    rows.delete()
    transaction.on_commit(partial(pictures.discard, paths))


def read_again(path: str) -> Picture | None:
    """Return a stored photo as one that can be kept elsewhere too, or None when its file is gone."""
    try:
        with pictures.open_stored(path) as file:
            return pictures.clean(io.BytesIO(file.read()))
    except FileNotFoundError:
        return None


def shots_of(entry: Entry, stage: Stage) -> tuple[Picture, ...]:
    """Return an entry's photos for another room to keep: a case shows what the list showed."""
    found = map(
        partial(read_again), entry.photos.filter(stage=stage).values_list("path", flat=True)
    )
    return tuple(one for one in found if one is not None)
