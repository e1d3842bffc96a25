"""A visit is written down: once per key, wherever it was made and however late it comes in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.care.events import VisitMade
from linli.care.models import CareProfile, Visit, VisitPhoto
from linli.care.selectors import access, catalogue
from linli.care.services import checks, settling
from linli.care.states import Manner, Outcome, Trouble
from linli.kernel import clock, events, idempotency, pictures, rows
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotAllowed
from linli.kernel.ids import new_id

NOTE_LENGTH: Final = 500
AGAIN_AT_MOST: Final = timedelta(days=366)
# (item code, files that are on disk)
Photos = tuple[tuple[str, pictures.StoredPicture], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSheet:
    """What a visitor says: one of three buttons, and if need be more."""

    outcome: str
    manner: str = "visit"
    trouble: str = ""
    is_danger: bool = False
    note: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    again_on: date | None = None


@transaction.atomic
def record_visit(
    *,
    profile_id: UUID,
    sheet: VisitSheet,
    photos: Photos = (),
    key: str,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> tuple[Visit, bool]:
    """Write a visit down; return it and whether it is new. The same key gives the same visit.

    at: when it was made; a moment in the future counts as now. What was made after care had ended
    is kept and changes nothing. Photos of a visit that was there already are left to the caller.
    Errors: NotFound, NotAllowed, BadInput (with the field), Conflict (same key, other content).
    Source: S1 1.6, S2 2.10, beyond.md 11.
    """
    profile = access.get_profile(profile_id, actor, lock=True)
    if not access.may_visit(profile, actor):
        raise NotAllowed(_("没有找到这一页，或者您的岗位看不到它。"))
    sheet = checked(sheet, profile, at, now)
    visit_id = new_id()
    made: list[Visit] = []

    def make() -> UUID:
        made.append(_make(visit_id, profile, sheet, photos, at=min(at, now), actor=actor, now=now))
        return visit_id

    mark = idempotency.fingerprint(
        profile_id, sheet.outcome, sheet.trouble, sheet.note, _json(sheet.answers)
    )
    found_id, _is_new = idempotency.once("care.visit", key, mark, make, result_id=visit_id)
    visit = made[0] if made else Visit.objects.get(pk=found_id)
    return visit, bool(made)


def checked(sheet: VisitSheet, profile: CareProfile, at: datetime, now: datetime) -> VisitSheet:
    """Return what was said as it is kept. Errors: BadInput, with the field."""
    if sheet.outcome not in Outcome.values:
        raise BadInput(_("选一个：平安、有事、不在家。"), field="outcome")
    if sheet.manner not in Manner.values:
        raise BadInput(_("选一下是敲门、走访还是打电话。"), field="manner")
    is_wrong = sheet.outcome == Outcome.WRONG
    if is_wrong and sheet.trouble not in Trouble.values:
        raise BadInput(_("有什么事，选一样最要紧的。"), field="trouble")
    if is_wrong and sheet.trouble == Trouble.OTHER and not sheet.note.strip():
        raise BadInput(_("选了“其他”，写一句是什么事。"), field="note")
    note = checks.short(sheet.note, NOTE_LENGTH, "note")
    day = clock.local(min(at, now)).date()
    if sheet.again_on is not None and not day <= sheet.again_on <= day + AGAIN_AT_MOST:
        raise BadInput(_("下次的日子选今天以后、一年以内的。"), field="again_on")
    return VisitSheet(
        outcome=sheet.outcome,
        manner=sheet.manner,
        trouble=sheet.trouble if is_wrong else "",
        is_danger=is_wrong and sheet.is_danger,
        note=note,
        answers=checks.answers(sheet.answers, catalogue.items_of(profile.list_code)),
        again_on=None if sheet.outcome == Outcome.AWAY else sheet.again_on,
    )


def _make(
    visit_id: UUID,
    profile: CareProfile,
    sheet: VisitSheet,
    photos: Photos,
    *,
    at: datetime,
    actor: Actor,
    now: datetime,
) -> Visit:
    visit = Visit(
        id=visit_id, profile=profile, outcome=sheet.outcome, manner=sheet.manner,
        trouble=sheet.trouble, is_danger=sheet.is_danger, note=sheet.note,
        answers=_json(sheet.answers), account_id=actor.who, post_id=_post_of(profile, actor),
        is_second=_is_second(profile, actor), at=at, recorded_at=now, again_on=sheet.again_on,
        photo_count=len(photos), is_counted=not profile.is_over, area_path=profile.area_path,
    )  # fmt: skip
    rows.insert(visit)
    VisitPhoto.objects.bulk_create(
        VisitPhoto(
            visit=visit, item_code=code[:40], path=stored.path, thumb_path=stored.thumb_path,
            created_at=now,
        )
        for code, stored in photos
    )  # fmt: skip
    if visit.is_counted:
        settling.settle(profile, visit, actor, now)
    event = VisitMade(
        subject_id=profile.pk, area_path=profile.area_path, visit_id=visit.pk,
        outcome=visit.outcome, manner=visit.manner, is_counted=visit.is_counted,
        same_as=visit.same_as_id, case_id=visit.case_id,
    )  # fmt: skip
    events.record(event, actor=actor, at=at)
    return visit


def _post_of(profile: CareProfile, actor: Actor) -> UUID | None:
    own = [one for one in (profile.post_id, profile.second_post_id) if one in actor.post_ids]
    return own[0] if own else min(actor.post_ids, default=None)


def _is_second(profile: CareProfile, actor: Actor) -> bool:
    """Tell whether the second visitor and not the first one writes."""
    posts = actor.post_ids
    return profile.second_post_id in posts and profile.post_id not in posts


def _json(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, ensure_ascii=False, sort_keys=True) if answers else ""
