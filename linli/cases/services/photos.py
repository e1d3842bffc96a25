"""Photos on their way to a case: files first, rows in the transaction, files gone again when it
fails.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from linli.cases.models import Case, Photo, PhotoStage
from linli.kernel import pictures, tenancy
from linli.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A cleaned photo whose files are on disk."""

    path: str
    thumb_path: str
    width: int
    height: int
    sha256: str


# Cleaned on the way in; with files on disk once `stores_photos` has been there.
Photos = tuple[pictures.Picture | KeptPhoto, ...]


def stores_photos(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Write the files of the named arguments before the service, and remove them if it refuses.

    Put it outside the transaction: nobody waits for a disk while a row is locked. Inside, the
    arguments are KeptPhoto instead of Picture; those that were KeptPhoto before stay as they are.
    Errors: NoSpace, and those of the service.
    """

    def wrap(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            kept: list[KeptPhoto] = []
            try:
                for name in names:
                    given: Any = kwargs.get(name, ())
                    kwargs[name] = _store_all(given, kwargs["now"], kept)  # type: ignore[arg-type]
                return service(*args, **kwargs)
            except BaseException:
                discard_files(kept)
                raise

        return guarded

    return wrap


def _store_all(given: Photos, now: datetime, kept: list[KeptPhoto]) -> tuple[KeptPhoto, ...]:
    folder = pictures.folder_of(tenancy.current_tenant_id(), now)
    found = []
    for picture in given:
        if isinstance(picture, KeptPhoto):
            # On disk since a phone handed it in: whoever keeps it there removes it, if it comes to that.
            found.append(picture)
            continue
        stored = pictures.store(picture, folder)
        kept.append(
            KeptPhoto(stored.path, stored.thumb_path, picture.width, picture.height, picture.sha256)
        )
        found.append(kept[-1])
    return tuple(found)


def discard_files(photos: Iterable[pictures.Picture | KeptPhoto]) -> None:
    """Remove the files of photos that nothing came of."""
    for photo in photos:
        if isinstance(photo, KeptPhoto):
            pictures.discard((photo.path, photo.thumb_path))


def keep_photos(
    case: Case,
    photos: Iterable[Any],
    *,
    stage: PhotoStage,
    actor: Actor,
    now: datetime,
    entry_id: UUID | None = None,
) -> None:
    """Write the rows of photos whose files are on disk."""
    rows = [
        Photo(
            case=case,
            entry_id=entry_id,
            stage=stage,
            path=photo.path,
            thumb_path=photo.thumb_path,
            width=photo.width,
            height=photo.height,
            sha256=photo.sha256,
            account_id=actor.account_id,
            created_at=now,
        )
        for photo in photos
    ]
    if rows:
        Photo.objects.bulk_create(rows)
