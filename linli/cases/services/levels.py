"""The lead sets promises and the numbers of the loop; open cases follow when the lead says so."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import LevelChanged, SettingsChanged
from linli.cases.models import CaseSettings, ServiceLevel
from linli.cases.rules import Promises, promises
from linli.cases.selectors import catalogue, setup
from linli.cases.selectors.setup import DUTY
from linli.kernel import calendar, events, jobs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.kernel.worktime import Limit, Unit, WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSheet:
    """What the form of a service level says."""

    name: str
    respond_amount: int
    respond_unit: str
    resolve_amount: int
    resolve_unit: str
    extension_times: int = 1
    extension_days: int = 15
    source: str = ""

    @property
    def respond(self) -> Limit:
        """Return within how long the reporter hears something. Errors: BadInput."""
        return _limit(self.respond_amount, self.respond_unit, "respond_amount")

    @property
    def resolve(self) -> Limit:
        """Return within how long it is solved. Errors: BadInput."""
        return _limit(self.resolve_amount, self.resolve_unit, "resolve_amount")


# The numbers of the loop: (name, smallest, largest).
NUMBERS: Final = (
    ("silence_days", 1, 90),
    ("amber_percent", 10, 95),
    ("escalate_after_hours", 1, 720),
    ("urge_pause_hours", 1, 168),
    ("reopen_days", 0, 365),
    ("nearby_days", 1, 365),
    ("nearby_metres", 10, 5000),
    ("undo_minutes", 1, 120),
    ("followup_percent", 0, 100),
    ("followup_least", 0, 200),
    ("followup_attempts", 1, 9),
)


def example(sheet: LevelSheet, now: datetime, days: WorkCalendar | None = None) -> Promises:
    """Return what the promise would be for a case reported now, in words.

    days: the calendar, when the caller has read it already. Errors: BadInput.
    """
    known = days or calendar.load()
    return promises(now, respond=sheet.respond, resolve=sheet.resolve, calendar=known)


@transaction.atomic
def create_level(*, sheet: LevelSheet, actor: Actor, now: datetime) -> ServiceLevel:
    """Add a promise. Errors: NotAllowed, BadInput (with the field)."""
    actor.require(DUTY)
    _check(sheet, None, now)
    level = ServiceLevel.objects.create(code=f"l{new_id().hex[-10:]}", **asdict(sheet))
    _tell(level, actor, now, moves_open=False)
    return level


@transaction.atomic
def change_level(
    *, level_id: UUID, sheet: LevelSheet, moves_open: bool, actor: Actor, now: datetime
) -> ServiceLevel:
    """Change a promise; new cases get it, and open ones as well when `moves_open`.

    Open cases are worked out anew by the worker, each from the moment its clock started; a promise
    that was already kept or missed stays what it was.
    Errors: NotAllowed, NotFound, BadInput (with the field).
    """
    level = setup.get_level(level_id, actor, lock=True)
    _check(sheet, level, now)
    facts = asdict(sheet)
    for name, value in facts.items():
        setattr(level, name, value)
    level.save(update_fields=list(facts))
    _tell(level, actor, now, moves_open=moves_open)
    return level


@transaction.atomic
def change_settings(*, numbers: dict[str, int], actor: Actor, now: datetime) -> CaseSettings:
    """Set the numbers of the loop. Errors: NotAllowed, BadInput (with the field)."""
    actor.require(DUTY)
    rows = CaseSettings.objects.select_for_update()
    row = rows.order_by("pk").first() or CaseSettings.objects.create()
    for name, least, most in NUMBERS:
        if not least <= numbers[name] <= most:
            raise BadInput(
                _("填 %(least)s 到 %(most)s。") % {"least": least, "most": most}, field=name
            )
    changed = [name for name, _least, _most in NUMBERS if getattr(row, name) != numbers[name]]
    for name in changed:
        setattr(row, name, numbers[name])
    if changed:
        row.save(update_fields=changed)
        event = SettingsChanged(subject_id=row.pk, changed=",".join(changed))
        events.record(event, actor=actor, at=now)
        _forget()
    return row


def _limit(amount: int, unit: str, field: str) -> Limit:
    try:
        return Limit(amount, Unit(unit))
    except ValueError:
        raise BadInput(_("填 1 到 9999，再选单位。"), field=field) from None


def _check(sheet: LevelSheet, level: ServiceLevel | None, now: datetime) -> None:
    same = ServiceLevel.objects.filter(name=sheet.name)
    if level is not None:
        same = same.exclude(pk=level.pk)
    if same.exists():
        raise BadInput(_("已经有一个叫“%(name)s”的时限。") % {"name": sheet.name}, field="name")
    promise = example(sheet, now)
    if promise.respond.due_at > promise.resolve.due_at:
        raise BadInput(_("答复的时限比办结还长，两个对调一下。"), field="respond_amount")


def _tell(level: ServiceLevel, actor: Actor, now: datetime, *, moves_open: bool) -> None:
    event = LevelChanged(
        subject_id=level.pk,
        code=level.code,
        respond=f"{level.respond_amount} {level.respond_unit}",
        resolve=f"{level.resolve_amount} {level.resolve_unit}",
        moves_open=moves_open,
    )
    row = events.record(event, actor=actor, at=now)
    if moves_open:
        facts = {"level": str(level.pk)}
        jobs.enqueue("cases.move_deadlines", key=f"level:{row.pk}", due_at=now, data=facts)
    _forget()


def _forget() -> None:
    catalogue.forget()
    transaction.on_commit(catalogue.forget)
