"""The forms that somebody has to fill in today, as form clients know forms: one a list of items."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.field.models import FormClient, FormVersion, Submission, Upload
from linli.field.selectors.day import Card
from linli.field.selectors.items import Item
from linli.field.selectors.today import blank_forms, my_day
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

SUBJECTS: Final = "subjects.csv"
_TITLES: Final = {
    "visit": gettext_lazy("走访"),
    "point": gettext_lazy("巡查"),
    "case": gettext_lazy("工单进展"),
    "notice": gettext_lazy("送通知"),
    "entry": gettext_lazy("整治清单"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayForm:
    """A form of the day. cards: whom or what it can be filled in about; none for a blank one."""

    form_id: str
    kind: str
    title: str
    items: tuple[Item, ...]
    cards: tuple[Card, ...] = ()

    def subjects(self) -> bytes:
        """Return the list of subjects that goes with the form, as CSV."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["name", "label", "version", "facts"])
        for card in self.cards:
            facts = "；".join(f"{label} {said}" for label, said in (*card.facts, ("", card.why)))
            writer.writerow([card.subject_id, _label(card), card.version, facts.strip("； ")])
        return out.getvalue().encode()


def forms_of(actor: Actor, now: datetime) -> list[DayForm]:
    """Return the forms that the actor's cards of today need, and the blank ones."""
    cards = [card for card in my_day(actor, now).cards if card.form and card.items]
    cards = [card for card in cards if not card.is_of_people]
    key = _list_key
    made: list[DayForm] = []
    for (kind, list_code), held in groupby(sorted(cards, key=key), key=key):
        made += _forms(kind, list_code, list(held))
    blanks = [card for card in blank_forms(actor, now) if card.form and card.items]
    return [*made, *(_blank(card) for card in blanks)]


def get_form(form_id: str, actor: Actor, now: datetime) -> DayForm:
    """Return one form of the actor's day. Errors: NotFound."""
    for one in forms_of(actor, now):
        if one.form_id == form_id:
            return one
    raise NotFound(_("今天没有这张表。在手机上更新表单再填。"))


def find_version(form_id: str, version: str) -> FormVersion:
    """Return a form as it was given out. Errors: NotFound."""
    found = FormVersion.objects.filter(form_id=form_id, version=version)
    for one in found[:1]:
        return one
    raise NotFound(_("没有发过这张表，或者不是这个版本。在手机上更新表单再填。"))


def find_client(username: str) -> FormClient | None:
    """Return the form client of a name, with its device; None when there is none."""
    found = FormClient.objects.select_related("device").filter(username=username[:60])
    return next(iter(found[:1]), None)


def whole_uploads(upload_ids: Iterable[UUID], account_id: UUID) -> set[UUID]:
    """Return which of these photos of an account are here whole."""
    rows = Upload.objects.filter(upload_id__in=list(upload_ids), account_id=account_id)
    return set(rows.exclude(finished_at=None).values_list("upload_id", flat=True))


def said_at(sent_id: UUID) -> datetime | None:
    """Return when a submission was made, as its client said, if it came before."""
    rows = Submission.objects.filter(sent_id=sent_id).values_list("said_at", flat=True)
    return next(iter(rows[:1]), None)


def _list_key(card: Card) -> tuple[str, str]:
    return card.form, card.list_code


def _forms(kind: str, list_code: str, cards: list[Card]) -> Iterator[DayForm]:
    """Yield the form of a list. Where the rooms name no list and each card asks something else (doors of
    a house to be ticked off), there is none: that is done on our own page.
    """
    name = f"{kind}-{list_code}" if list_code else kind
    sets: dict[tuple[Item, ...], list[Card]] = {}
    for card in cards:
        sets.setdefault(card.items, []).append(card)
    if not list_code and len(sets) > 1:
        return
    for number, (items, held) in enumerate(sets.items()):
        yield DayForm(
            form_id=name if not number else f"{name}-{_mark(items)}",
            kind=kind,
            title=_title(held[0], number),
            items=items,
            cards=tuple(held),
        )


def _blank(card: Card) -> DayForm:
    return DayForm(form_id=f"{card.form}-blank", kind=card.form, title=card.title, items=card.items)


def _title(card: Card, number: int) -> str:
    title = str(_TITLES.get(card.kind, _("登记")))
    return title if not number else f"{title} {number + 1}"


def _label(card: Card) -> str:
    return " · ".join(part for part in (card.title, card.place) if part)


def _mark(items: Iterable[Item]) -> str:
    codes = ",".join(item.code for item in items)
    return hashlib.sha256(codes.encode()).hexdigest()[:8]
