"""Installing a part of a blueprint: what the file says meets what people have changed since.

The rule for every item of every room: what is missing is created; a field that still has the value
that the last installed file gave it follows the new file; a field that people changed is left alone
and reported. Nothing is ever deleted. (docs/adr/0009)
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from django.db import models, transaction

from linli.kernel import calendar, clock, events
from linli.kernel.actor import Actor
from linli.kernel.events import Event
from linli.kernel.models import WorkingHours
from linli.kernel.workdays import Hours

Fields = Mapping[str, Any]
# What people call the fields that they may have changed.
_WORDS: Final = {
    "name": "名称",
    "phone": "电话",
    "slogan": "口号",
    "initials": "编号字头",
    "polygon": "边界",
    "household_count": "户数",
    "resident_count": "人口",
    "kind": "类型",
    "lat": "位置",
    "lon": "位置",
    "grid_id": "网格",
    "hours": "上下班时间",
    "duties": "权限",
    "written_duties": "职责",
    "area_id": "地方",
    "estate_id": "小区",
    "organisation_id": "机构",
    "post_id": "岗位",
    "role": "角色",
    "level": "层级",
    "service_level_id": "时限",
    "category_id": "类别",
    "value": "目标",
    "target": "目标",
    "dispatch_mode": "派发",
    "hint": "说明",
    "icon": "图标",
    "text": "文字",
    "title": "标题",
    "body": "文字",
    "order": "顺序",
    "respond_amount": "答复",
    "resolve_amount": "办结",
    "starts_at": "开始",
    "ends_at": "结束",
}
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInstalled(Event):
    """A room took in its part of a blueprint. The subject is the installation."""

    name: ClassVar[str] = "blueprints.part.installed"
    room: str
    created: int
    updated: int
    kept: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that differs from the file and was left as people made it; fields in plain words."""

    noun: str
    name: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What installing a part did. left: in the last file, no longer in this one, and not removed."""

    room: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def note(self, noun: str, name: str, changed: Sequence[str], kept: Sequence[str]) -> None:
        """Count one item that was there already."""
        self.updated += bool(changed)
        self.unchanged += not changed
        if kept:
            words = dict.fromkeys(_WORDS.get(one, one) for one in kept)
            self.kept.append(Kept(noun, name, tuple(words)))


def record(outcome: Outcome, *, installation_id: UUID, actor: Actor, now: datetime) -> None:
    """Tell what a room took in, once per room; nothing when nothing changed."""
    if not (outcome.created or outcome.updated):
        return
    event = PartInstalled(
        subject_id=installation_id,
        room=outcome.room,
        created=outcome.created,
        updated=outcome.updated,
        kept=len(outcome.kept),
    )
    events.record(event, actor=actor, at=now)


def settle(row: models.Model, wanted: Fields, base: Fields | None) -> tuple[list[str], list[str]]:
    """Bring a row nearer to the file; return the fields that changed and those that people keep.

    base: what the last installed file said, or None when the item is new to the file.
    """
    changed, kept = [], []
    for name, value in wanted.items():
        current = getattr(row, name)
        if current == value:
            continue
        if base is not None and name in base and current == base[name]:
            setattr(row, name, value)
            changed.append(name)
        else:
            kept.append(name)
    return changed, kept


def put(
    model: type[M],
    noun: str,
    *,
    wanted: Mapping[Any, Fields],
    base: Mapping[Any, Fields],
    key: Callable[[M], Hashable],
    first: Fields,
    outcome: Outcome,
) -> dict[Hashable, M]:
    """Create what is missing, settle what is there; return all rows of the tenant by key.

    first: fields that only a new row gets, such as when it was made.
    """
    rows = {key(row): row for row in model._default_manager.order_by("-id")}  # the oldest wins
    new = {at: model(**first, **fields) for at, fields in wanted.items() if at not in rows}
    model._default_manager.bulk_create(new.values(), batch_size=500)
    outcome.created += len(new)
    for at, fields in wanted.items():
        if at in rows:
            changed, kept = settle(rows[at], fields, base.get(at))
            if changed:
                rows[at].save(update_fields=changed)
            outcome.note(noun, str(fields.get("name") or at), changed, kept)
    outcome.left += [
        str(base[at].get("name") or at) for at in base if at not in wanted and at in rows
    ]
    return rows | new


@transaction.atomic
def install(
    part: Hours, *, before: Hours | None, installation_id: UUID, actor: Actor, now: datetime
) -> Outcome:
    """Install the working hours and the state's holidays of this year and the ones before and after."""
    outcome = Outcome("kernel")
    row = WorkingHours.objects.order_by("id").first()
    if row is None or (before is not None and calendar.get_hours() == before != part):
        calendar.set_working_hours(actor=actor, now=now, **asdict(part))
        outcome.created += row is None
        outcome.updated += row is not None
    else:
        is_kept = calendar.get_hours() != part
        outcome.note("工作时间", "上下班", [], ["hours"] if is_kept else [])
    first_year = clock.local(now).year - 1
    outcome.created += len(
        calendar.install_known_years(first_year=first_year, actor=actor, now=now)
    )
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome
