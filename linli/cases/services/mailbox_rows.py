"""What a row of an old mailbox would become: a case, history, nothing because it is here, or a refusal."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.models import Category, ImportedMessage, Source
from linli.cases.rules import SPOT_LIMIT
from linli.cases.selectors import catalogue
from linli.cases.services.intake import TEXT_LIMIT_OF_SYSTEMS, Report
from linli.kernel.actor import Actor
from linli.kernel.moments import read_moment
from linli.kernel.records import Record
from linli.people import selectors as people
from linli.places import selectors as places

EARLIEST: Final = datetime.fromisoformat("1990-01-01T00:00:00+08:00")
NAME_LIMIT: Final = 30
ADDRESS_LIMIT: Final = 120


class Status(StrEnum):
    """What comes of a row."""

    NEW = "new"
    HISTORY = "history"
    SAME = "same"  # here already, from an earlier import or an earlier row
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Plan:
    """A row and what would come of it. problem: why not; warnings: what was left out or put right."""

    number: int
    status: Status
    key: str = ""
    report: Report | None = None
    answer: str = ""
    answered_at: datetime | None = None
    problem: str = ""
    kind: str = ""  # under which the problem is counted
    warnings: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, kind: str, problem: str) -> None:
        super().__init__(problem)
        self.kind, self.problem = kind, problem


class RowReader:
    """Reads rows as a file's columns say. Remembers categories and places: a hundred thousand rows
    ask the database no more than a hundred do.
    """

    def __init__(
        self,
        *,
        columns: Mapping[str, int],
        community_id: UUID,
        category_id: UUID,
        actor: Actor,
        now: datetime,
    ) -> None:
        self._columns, self._actor, self._now = columns, actor, now
        self._community_id, self._category_id = community_id, category_id
        self._spots: dict[UUID, list[tuple[str, UUID | None, UUID | None]]] = {}
        self._wheres: dict[tuple[UUID, UUID | None, UUID | None], places.Where] = {}

    def read(self, record: Record) -> Plan:
        """Return what would come of a row, not knowing yet whether it is here already."""
        if record.problem:
            return Plan(record.number, Status.WRONG, problem=record.problem, kind=_("读不了"))
        said = {
            name: record.cells[column] if column < len(record.cells) else ""
            for name, column in self._columns.items()
        }
        try:
            return self._plan(record.number, said)
        except _Wrong as wrong:
            return Plan(record.number, Status.WRONG, problem=wrong.problem, kind=wrong.kind)

    def _plan(self, number: int, said: dict[str, str]) -> Plan:
        warnings: list[str] = []
        text = _text_of(said)
        received_at = self._moment(said.get("received_at", ""), _("收到时间"))
        answer = said.get("answer", "")
        answered_at = None
        if answer:
            answered_at = self._answered_at(said.get("answered_at", ""), received_at, warnings)
        report = Report(
            category_id=self._category(said.get("category", ""), warnings),
            text=text,
            where=self._where(said, warnings),
            spot=_spot(said.get("place", ""), warnings),
            source=Source.IMPORT,
            name=_short(said.get("name", ""), NAME_LIMIT, _("姓名"), warnings),
            phone=_phone(said.get("phone", ""), warnings),
            address=_short(said.get("address", ""), ADDRESS_LIMIT, _("住址"), warnings),
            received_at=received_at,
        )
        status = Status.HISTORY if answer else Status.NEW
        return Plan(
            number,
            status,
            _key(said, self._community_id),
            report,
            answer,
            answered_at,
            warnings=tuple(warnings),
        )

    def _moment(self, said: str, label: str) -> datetime | None:
        if not said:
            return None
        moment = read_moment(said)
        if moment is None:
            words = _("%(label)s“%(said)s”不是日期，例如 2024-09-26 14:30。")
            raise _Wrong(label, words % {"label": label, "said": said[:30]})
        if moment > self._now + timedelta(days=1):
            words = _("%(label)s“%(said)s”还没有到。")
            raise _Wrong(label, words % {"label": label, "said": said[:30]})
        if moment < EARLIEST:
            words = _("%(label)s“%(said)s”太早了，检查一下年份。")
            raise _Wrong(label, words % {"label": label, "said": said[:30]})
        return min(moment, self._now)

    def _answered_at(
        self, said: str, received_at: datetime | None, warnings: list[str]
    ) -> datetime:
        moment = self._moment(said, _("答复时间"))
        if moment is None:
            warnings.append(_("有答复没有答复时间，按收到时间算"))
        elif received_at is not None and moment < received_at:
            warnings.append(_("答复时间早于收到时间，按收到时间算"))
            moment = received_at
        return moment or received_at or self._now

    # Names that the file has for what we know

    @cached_property
    def _categories(self) -> dict[str, Category]:
        active = catalogue.active_categories()
        return {one.code: one for one in active} | {one.name: one for one in active}

    def _category(self, said: str, warnings: list[str]) -> UUID:
        if not said:
            return self._category_id
        found = self._categories.get(said)
        if found is None:
            warnings.append(_("类别“%(said)s”没有对上，归到选定的类别") % {"said": said[:20]})
            return self._category_id
        return found.pk

    @cached_property
    def _communities(self) -> dict[str, UUID]:
        mine = places.communities_of(self._actor.scopes("cases.enter"))
        return {key: one.pk for one in mine for key in (one.name, one.code)}

    def _community(self, said: str) -> UUID:
        if not said:
            return self._community_id
        for name in (said, f"{said}社区", said.removesuffix("居委会").removesuffix("居民委员会")):
            if name in self._communities:
                return self._communities[name]
        words = _("社区“%(said)s”没有找到，或者不归您登记。") % {"said": said[:20]}
        raise _Wrong(_("社区"), words)

    def _where(self, said: dict[str, str], warnings: list[str]) -> places.Where:
        community_id = self._community(said.get("community", ""))
        place = said.get("place", "")
        estate_id, building_id = self._nearest(community_id, place)
        if place and estate_id is None and building_id is None:
            warnings.append(_("地点没有对上小区，只记在具体位置里"))
        key = (community_id, estate_id, building_id)
        if key not in self._wheres:
            self._wheres[key] = places.where_of(
                community_id=community_id, estate_id=estate_id, building_id=building_id
            )
        return self._wheres[key]

    def _nearest(self, community_id: UUID, place: str) -> tuple[UUID | None, UUID | None]:
        """Return the estate, and the building, whose names the words hold; the longest first."""
        key = _plain(place)
        if not key:
            return None, None
        for name, estate_id, building_id in self._spots_of(community_id):
            if name in key:
                return estate_id, building_id
        return None, None

    def _spots_of(self, community_id: UUID) -> list[tuple[str, UUID | None, UUID | None]]:
        if community_id not in self._spots:
            spots: list[tuple[str, UUID | None, UUID | None]] = [
                (_plain(one.name), one.pk, None) for one in places.estates_of(community_id)
            ]
            buildings = places.buildings_of(community_id).select_related("estate")
            spots += [
                (_plain((one.estate.name if one.estate else "") + one.name), one.estate_id, one.pk)
                for one in buildings
            ]
            self._spots[community_id] = sorted(spots, key=lambda spot: -len(spot[0]))
        return self._spots[community_id]


def known_keys(source: str, keys: Iterable[str]) -> set[str]:
    """Return which of these messages are here already."""
    rows = ImportedMessage.objects.filter(source=source, key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def _text_of(said: dict[str, str]) -> str:
    title, text = said.get("title", ""), said.get("text", "")
    whole = text if not title or text.startswith(title) else f"{title}\n{text}".strip()
    if not whole:
        raise _Wrong(_("内容"), _("没有内容。"))
    if len(whole) > TEXT_LIMIT_OF_SYSTEMS:
        words = _("内容有 %(have)s 字，最多 %(most)s 字。")
        numbers: dict[str, Any] = {
            "have": f"{len(whole):,}", "most": f"{TEXT_LIMIT_OF_SYSTEMS:,}",
        }  # fmt: skip
        raise _Wrong(_("内容"), words % numbers)
    return whole


def _phone(said: str, warnings: list[str]) -> str:
    if said and people.normalise_phone(said) is None:
        warnings.append(_("电话打不通，没有登记"))
        return ""
    return said


def _short(said: str, most: int, label: str, warnings: list[str]) -> str:
    if len(said) > most:
        warnings.append(_("%(label)s太长，没有登记") % {"label": label})
        return ""
    return said


def _spot(said: str, warnings: list[str]) -> str:
    """Return a place in words as long as a case can have them; the warning says what is left out."""
    if len(said) > SPOT_LIMIT:
        warnings.append(_("地点太长，只登记前 %(most)s 字") % {"most": SPOT_LIMIT})
    return said[:SPOT_LIMIT]


def _plain(words: str) -> str:
    return "".join(words.split()).replace("号楼", "栋").replace("幢", "栋").replace("座", "栋")


def _key(said: Mapping[str, str], community_id: UUID) -> str:
    """Return what makes a message of a community the same: its own number, else its content.

    The community is in it: two of them may both have a 书记信箱 that counts from 1.
    """
    own = said.get("own_id", "")
    kind, parts = "id", [own]
    if not own:
        names = ("received_at", "title", "text", "name", "phone")
        kind, parts = "is", [said.get(name, "") for name in names]
    whole = "\x1f".join([community_id.hex, *parts])
    return f"{kind}:{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:60]}"
