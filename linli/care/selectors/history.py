"""What is known of one profile: visits with what was found, those of two people side by side, its steps."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.care.models import CareProfile, Visit, VisitPhoto
from linli.care.selectors import catalogue
from linli.care.selectors.access import seen_by
from linli.care.states import EndReason, Trouble
from linli.field.selectors.items import Item, ItemKind
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.posts import selectors as posts

PAGE: Final = 30
_CALLED: Final = {
    "care.profile.started": gettext_lazy("列入关怀"),
    "care.profile.changed": gettext_lazy("改了安排"),
    "care.profile.ended": gettext_lazy("结束关怀"),
    "care.profile.revealed": gettext_lazy("看过详细情况"),
    "care.turn.passed": gettext_lazy("没见到人，转给下一位"),
    "care.family.named": gettext_lazy("留了家人联系方式"),
    "care.family.withdrawn": gettext_lazy("家人联系方式撤下"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one person wrote down about a visit."""

    visit: Visit
    who: str
    post: str
    answers: list[tuple[str, str, bool]]  # label, answer, whether something is to be done about it
    photos: list[VisitPhoto] = field(default_factory=list)

    @property
    def trouble(self) -> str:
        """Return what was wrong, in words."""
        return str(Trouble(self.visit.trouble).label) if self.visit.trouble else ""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit, in the words of everybody who wrote it down."""

    words: list[Word]

    @property
    def first(self) -> Word:
        """Return the word that came first."""
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a profile's history besides visits."""

    at: datetime
    what: str
    who: str
    more: str = ""


def visits_of(profile: CareProfile, *, before: datetime | None = None) -> list[VisitLine]:
    """Return the visits of a profile, newest first; the same visit's words side by side."""
    rows = Visit.objects.filter(profile=profile)
    if before is not None:
        rows = rows.filter(at__lt=before)
    found = list(rows.order_by("-at", "-id")[:PAGE])
    photos = _photos(found)
    names = people.account_names({one.account_id for one in found if one.account_id})
    called = posts.post_names({one.post_id for one in found if one.post_id})
    items = catalogue.items_of(profile.list_code)
    groups: dict[UUID, list[Word]] = {}
    for visit in found:
        word = Word(
            visit=visit,
            who=names.get(visit.account_id, "") if visit.account_id else "",
            post=called.get(visit.post_id, "") if visit.post_id else "",
            answers=answers_of(visit, items),
            photos=photos.get(visit.pk, []),
        )
        groups.setdefault(visit.same_as_id or visit.pk, []).insert(0, word)
    return [VisitLine(words) for words in groups.values()]


def answers_of(visit: Visit, items: Iterable[Item]) -> list[tuple[str, str, bool]]:
    """Return the answers of a visit in words, in the order of the list.

    The profile's list may have changed since: what is not in it is looked up in the others.
    """
    said: dict[str, Any] = json.loads(visit.answers) if visit.answers else {}
    known = {item.code: item for item in items}
    elsewhere = {one.code: one for each in catalogue.item_lists().values() for one in each}
    order = [
        *(code for code in known if code in said),
        *(code for code in said if code not in known),
    ]
    return [_answer(known.get(code) or elsewhere.get(code), code, said[code]) for code in order]


def _answer(item: Item | None, code: str, value: Any) -> tuple[str, str, bool]:
    if item is None:
        return code, str(value), False
    if item.kind is ItemKind.YES_NO:
        return item.label, _("是") if value == "yes" else _("否"), value == item.bad_if
    for choice in item.choices:
        if choice.code == value:
            return item.label, choice.label, choice.is_bad
    return item.label, str(value), False


def steps_of(profile: CareProfile) -> list[Step]:
    """Return what happened to a profile besides visits, newest first."""
    rows = [one for one in events.timeline(profile.pk) if one.name in _CALLED]
    names = people.account_names({one.account_id for one in rows if one.account_id})
    return [
        Step(
            at=row.happened_at,
            what=str(_CALLED[row.name]),
            who=names.get(row.account_id, "") if row.account_id else "",
            more=_more(row.data),
        )
        for row in reversed(rows)
    ]


def _more(data: dict[str, Any]) -> str:
    if "reason" in data and data["reason"] in EndReason.values:
        return str(EndReason(data["reason"]).label)
    if data.get("purpose") in people.Purpose.values:
        return str(people.Purpose(data["purpose"]).label)
    return ""


def get_visit(visit_id: UUID, actor: Actor) -> Visit:
    """Return a visit, with its profile, that the actor sees. Errors: NotFound."""
    found = Visit.objects.select_related("profile").filter(pk=visit_id).first()
    if (
        found is None
        or not CareProfile.objects.filter(seen_by(actor), pk=found.profile_id).exists()
    ):
        raise NotFound(_("没有找到这次走访。"))
    return found


def get_photo(photo_id: UUID, actor: Actor) -> VisitPhoto:
    """Return a photo of a visit whose profile the actor sees. Errors: NotFound."""
    found = VisitPhoto.objects.select_related("visit").filter(pk=photo_id).first()
    is_seen = (
        found and CareProfile.objects.filter(seen_by(actor), pk=found.visit.profile_id).exists()
    )
    if found is None or not is_seen:
        raise NotFound(_("没有找到这张照片。"))
    return found


def _photos(visits: list[Visit]) -> dict[UUID, list[VisitPhoto]]:
    with_some = [one.pk for one in visits if one.photo_count]
    found: dict[UUID, list[VisitPhoto]] = {}
    for one in (
        VisitPhoto.objects.filter(visit_id__in=with_some).order_by("id") if with_some else ()
    ):
        found.setdefault(one.visit_id, []).append(one)
    return found
