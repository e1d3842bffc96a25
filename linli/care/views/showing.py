"""How care looks on any page: a visit taken from its form, photos, words of what was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from linli.care import services
from linli.care.forms import VisitForm
from linli.care.selectors import catalogue, history, words
from linli.care.services.visiting import Photos
from linli.kernel import clock, pictures, tenancy
from linli.kernel.errors import NotFound
from linli.kernel.web import Request


def done_words(request: Request) -> str:
    """Return the words for what was just done, as the address says it."""
    return str(words.DONE.get(request.GET.get("done", ""), ""))


def visit_form(request: Request, profile: Any, **initial: Any) -> VisitForm:
    """Return the card's form with the list of the profile."""
    items = catalogue.items_of(profile.list_code)
    if request.method == "POST":
        return VisitForm(request.POST, request.FILES, items=items)
    return VisitForm(items=items, initial=initial)


def take_visit(request: Request, profile: Any, form: VisitForm) -> str:
    """Write a visit down from its form; return the word for what came of it.

    Errors: those of services.record_visit.
    """
    now = clock.now()
    with storing(form.cleaned_data["photos"]) as photos:
        visit, is_new = services.record_visit(
            profile_id=profile.pk,
            sheet=form.sheet(),
            photos=tuple(photos),
            key=str(form.cleaned_data["key"]),
            at=now,
            actor=request.actor,
            now=now,
        )
        if not is_new:
            discard(photos)
    return words.word_of(visit)


@contextmanager
def storing(files: list[Any]) -> Iterator[list[tuple[str, pictures.StoredPicture]]]:
    """Give the photos of a form with their files on disk; they go again when the block fails."""
    kept: list[tuple[str, pictures.StoredPicture]] = []
    folder = pictures.folder_of(tenancy.current_tenant_id(), clock.now())
    try:
        kept.extend(("photo", pictures.store(pictures.clean(one), folder)) for one in files)
        yield kept
    except BaseException:
        discard(kept)
        raise


def discard(photos: list[tuple[str, pictures.StoredPicture]] | Photos) -> None:
    """Remove the files of photos that nothing came of."""
    for _code, stored in photos:
        pictures.discard((stored.path, stored.thumb_path))


def photo_answer(photo_id: UUID, size: str, request: Request) -> HttpResponse | FileResponse:
    """Answer with a photo of a visit. Errors: NotFound."""
    found = history.get_photo(photo_id, request.actor)
    path = found.thumb_path if size == "thumb" else found.path
    try:
        file = pictures.open_stored(path)
    except FileNotFoundError:
        raise NotFound(_("没有找到这张照片。")) from None
    answer = FileResponse(file, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=604800, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def uuid_of(text: str | None) -> UUID | None:
    """Return an id from the address; nonsense is as good as none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
