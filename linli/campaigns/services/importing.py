"""A list that comes as a table: read, shown row by row, taken when somebody confirms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.campaigns import rules
from linli.campaigns.models import Entry, EntryImport, Gathered, ImportState, Kind
from linli.campaigns.selectors import campaigns, ground, lists
from linli.campaigns.selectors.access import MANAGE, get_campaign
from linli.campaigns.services.gathering import MOST_COUNT, Row, label_of, put_on_list
from linli.kernel import idempotency, sheets
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.sheets import BadSheet

MOST_ROWS: Final = 2_000
_HEAD: Final = 10  # titles may stand above the names of the columns


@dataclass(slots=True)
class _Known:
    """What rows are compared with."""

    kinds: Mapping[str, Kind]
    buildings: Mapping[str, str]
    seen: dict[str, int]


@transaction.atomic
def prepare_import(
    *, campaign_id: UUID, file_name: str, content: bytes, actor: Actor, now: datetime
) -> EntryImport:
    """Read a table and keep its rows with what is wrong with each; nothing is on the list yet.

    Errors: BadSheet (no table, no column for the kind), NotFound, NotAllowed.
    """
    campaign = get_campaign(campaign_id, actor)
    actor.require(MANAGE, campaign.area_path)
    found = sheets.read(file_name, content)
    at, columns = _head_of(found.rows)
    known = _Known(
        kinds={one.name.strip("“”"): one for one in campaigns.kinds()},
        buildings=ground.labels(campaign.community_id),
        seen={},
    )
    rows = [_read(row, columns, known) for row in found.rows[at + 1 :]]
    if len(rows) > MOST_ROWS:
        raise BadSheet(_("一份表格最多 %(n)d 行，分成几份。") % {"n": MOST_ROWS})
    return EntryImport.objects.create(
        campaign=campaign,
        file_name=file_name[:120],
        rows=rows,
        created_by=actor.who,
        created_at=now,
    )


def _head_of(rows: tuple[sheets.Row, ...]) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(rows[:_HEAD]):
        columns = rules.columns_of(row.cells)
        if "kind" in columns and ({"place", "text"} & set(columns)):
            return at, columns
    raise BadSheet(_("没有找到表头：第一行要有“类型”，还要有“地点”或“说明”。"))


def _read(row: sheets.Row, columns: dict[str, int], known: _Known) -> dict[str, Any]:
    said = {
        name: row.cells[at].strip() if at < len(row.cells) else "" for name, at in columns.items()
    }
    kind = known.kinds.get(said["kind"].strip("“”"))
    place, text = said.get("place", ""), said.get("text", "")
    count, problem = _count(said.get("count", ""))
    key = idempotency.fingerprint(said["kind"], place, text)[:40]
    if kind is None:
        problem = _("没有“%(name)s”这一类。") % {"name": said["kind"][:20]}
    elif not place and not text:
        problem = _("地点和说明都没有写。")
    elif len(text) > rules.TEXT_LIMIT or len(place) > 100:
        problem = _("写得太长：地点最多 100 字，说明最多 300 字。")
    elif key in known.seen:
        problem = _("和第 %(row)d 行重复。") % {"row": known.seen[key]}
    known.seen.setdefault(key, row.number)
    return {
        "row": row.number,
        "kind": said["kind"][:40],
        "code": kind.code if kind else "",
        "place": place[:160],
        "building": known.buildings.get(place.replace(" ", ""), ""),
        "text": text[: rules.TEXT_LIMIT],
        "count": count,
        "key": f"import:{key}",
        "error": problem,
    }


def _count(text: str) -> tuple[int, str]:
    if not text:
        return 1, ""
    if text.isdecimal() and 1 <= int(text[:6]) <= MOST_COUNT:
        return int(text), ""
    return 1, _("数量“%(text)s”不是 1 到 %(n)d 的整数。") % {"text": text[:10], "n": MOST_COUNT}


@transaction.atomic
def confirm_import(*, import_id: UUID, actor: Actor, now: datetime) -> list[Entry]:
    """Put the good rows of a table on the list; a row that is on it already is passed over.

    Errors: NotFound, DomainError (taken or thrown away before, or the campaign has ended), BadInput.
    """
    file = _waiting(import_id, actor)
    campaign = get_campaign(file.campaign_id, actor, lock=True)
    by_code = {one.code: one for one in campaigns.kinds()}
    good = [row for row in file.rows if not row["error"] and row["code"] in by_code]
    if not good:
        raise BadInput(_("没有可以导入的行，改好表格再上传一次。"))
    made = put_on_list(
        campaign, [_row(campaign, by_code, one) for one in good], actor=actor, now=now
    )
    file.state = ImportState.TAKEN
    file.save(update_fields=["state"])
    return made


def _row(campaign: Any, by_code: Mapping[str, Kind], said: dict[str, Any]) -> Row:
    place = f"building:{said['building']}" if said["building"] else ""
    where = ground.where_of(campaign.community, place)
    label = where.label if said["building"] else label_of(where, said["place"])
    return Row(
        kind=by_code[said["code"]],
        where=where,
        label=label,
        text=said["text"],
        count=said["count"],
        key=said["key"],
        gathered=Gathered.IMPORT,
    )


@transaction.atomic
def discard_import(*, import_id: UUID, actor: Actor, now: datetime) -> EntryImport:
    """Throw a table away. Errors: NotFound, DomainError."""
    file = _waiting(import_id, actor)
    file.state, file.rows = ImportState.DISCARDED, []
    file.save(update_fields=["state", "rows"])
    return file


def _waiting(import_id: UUID, actor: Actor) -> EntryImport:
    file = lists.get_import(import_id, actor, lock=True)
    if file.state != ImportState.WAITING:
        raise DomainError(_("这份表格已经处理过了。"))
    return file
