"""Lists of places as files: the columns that the imports read, so that a list can be corrected and
brought back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import lists, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.places import selectors
from linli.places.selectors import facilities

KIND: Final = "places.export"
DUTY: Final = "places.manage"
CODE_HEADER: Final = ("地点", "编码", "小区", "楼栋", "单元", "点位", "生成", "停用")
_BATCH: Final = 500

Rows = Callable[[UUID, dict[str, str]], Iterable[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class _Table:
    label: Any
    header: Sequence[str]
    rows: Rows


def start_export(
    *, community_id: UUID, what: str, asked: dict[str, str], file_format: str, actor: Actor,
    now: datetime, key: str,
) -> runs.Run:  # fmt: skip
    """Ask for a list of a community as a file. what: a key of TABLES; asked: the page's filter.

    Errors: NotFound, NotAllowed, BadInput.
    """
    community = selectors.get_community_by_id(community_id)
    actor.require(DUTY, community.path)
    if what not in TABLES:
        raise NotFound(_("没有这种导出。"))
    title = _("导出%(place)s%(what)s") % {"place": community.name, "what": TABLES[what].label}
    return lists.start(
        KIND, title=title, asked={**asked, "community": str(community.pk), "what": what},
        file_format=file_format, actor=actor, now=now, key=f"{what}:{key}", duty=DUTY,
    )  # fmt: skip


def carry_export(run: runs.Running) -> None:
    """Write the file of a list."""
    asked: dict[str, str] = run.data["asked"]
    community = selectors.get_community_by_id(UUID(asked["community"]))
    run.actor.require(DUTY, community.path)
    table = TABLES[asked["what"]]
    rows = table.rows(community.pk, asked)
    lists.carry(run, title=f"{community.name}{table.label}", header=table.header, rows=rows)


def _houses(community_id: UUID, _asked: dict[str, str]) -> Iterable[Sequence[Any]]:
    return selectors.house_rows(community_id)


def _homes(community_id: UUID, _asked: dict[str, str]) -> Iterable[Sequence[Any]]:
    return selectors.house_rows(community_id, with_homes=True)


def _grids(community_id: UUID, _asked: dict[str, str]) -> Iterable[Sequence[Any]]:
    return selectors.grid_rows(community_id)


def _facilities(community_id: UUID, asked: dict[str, str]) -> Iterable[Sequence[Any]]:
    wanted = {name: asked.get(name, "") for name in facilities.FILTERS}
    return selectors.facility_rows(community_id, **wanted)


def _codes(community_id: UUID, asked: dict[str, str]) -> Iterable[Sequence[Any]]:
    estate_id = UUID(asked["estate"]) if asked.get("estate") else None
    rows = selectors.codes_of(community_id, estate_id=estate_id, is_ended=bool(asked.get("ended")))
    for one in rows.iterator(chunk_size=_BATCH):
        parts = (one.estate, one.building, one.entrance)
        yield [one.label, one.code, *(part.name if part else "" for part in parts), one.spot,
               one.created_at, one.ended_at]  # fmt: skip


TABLES: Final = {
    "houses": _Table(gettext_lazy("楼栋与单元"), selectors.HOUSE_HEADER, _houses),
    "homes": _Table(gettext_lazy("户"), selectors.HOUSE_HEADER, _homes),
    "grids": _Table(gettext_lazy("网格"), selectors.GRID_HEADER, _grids),
    "facilities": _Table(gettext_lazy("设施"), selectors.FACILITY_HEADER, _facilities),
    "codes": _Table(gettext_lazy("点位码"), CODE_HEADER, _codes),
}
