"""What an entry does to the case behind it: resolves it, leaves a note, or makes one."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.campaigns.models import Entry, Stage
from linli.campaigns.rules import sentence
from linli.campaigns.selectors import ground
from linli.campaigns.services.shots import shots_of
from linli.cases import selectors as cases
from linli.cases.selectors import Source
from linli.cases.services import desk, handling, intake
from linli.kernel.actor import Actor, Grant
from linli.kernel.errors import BadInput, NotFound


def resolve(entry: Entry, pictures: Any, actor: Actor, now: datetime) -> None:
    """Resolve the case behind an entry, once: one that was resolved elsewhere is left as it is."""
    if entry.case_id is None:
        return
    lent = lent_to(actor, entry.area_path)
    if not _is_ours(entry.case_id, lent):
        return
    case = cases.get_case(entry.case_id, lent)
    done = sentence(entry.kind.done, entry.kind.name, entry.count, entry.kind.unit)
    words = _("%(title)s：%(done)s。%(result)s") % {
        "title": entry.campaign.title,
        "done": done,
        "result": entry.result,
    }
    before, after = pictures
    handling.resolve_case(
        case_id=case.pk, text=words, before=before, after=after or shots_of(entry, Stage.AFTER),
        actor=lent, now=now,
    )  # fmt: skip


def lent_to(actor: Actor, area_path: str) -> Actor:
    """Return the actor with what a campaign lends its team: to settle the cases of its list there.

    Whoever put the case on the list dispatches it (`gathering.add_cases`); the timeline names who did it.
    """
    lent = (Grant("cases.view", area_path), Grant("cases.dispatch", area_path))
    return replace(actor, grants=(*actor.grants, *lent))


def note(entry: Entry, text: str, actor: Actor, now: datetime) -> bool:
    """Leave a note on the open case behind an entry; tell whether there is one."""
    if entry.case_id is None:
        return False
    lent = lent_to(actor, entry.area_path)
    if not _is_ours(entry.case_id, lent):
        return False
    words = _("%(title)s现场：%(text)s") % {"title": entry.campaign.title, "text": text.strip()}
    desk.note_case(case_id=entry.case_id, text=words, actor=lent, now=now)
    return True


def _is_ours(case_id: UUID, lent: Actor) -> bool:
    """Tell whether a case still waits for the team: one that has become confidential, or that lies
    elsewhere now, goes its own way and holds up nothing.
    """
    return cases.sees(case_id, lent) and cases.get_case(case_id, lent).is_open


def report(entry: Entry, text: str, category_id: UUID | None, actor: Actor, now: datetime) -> None:
    """Report a case at the entry's place; asked again it is the same case."""
    place = f"building:{entry.building_id}" if entry.building_id else ""
    where = ground.where_of(entry.campaign.community, place, lat=entry.lat, lon=entry.lon)
    report = intake.Report(
        category_id=_category(entry, category_id),
        text="：".join(one for one in (entry.kind.name, entry.text, text.strip()) if one),
        where=replace(where, area_path=entry.area_path, label=entry.place_label[:120]),
        source=Source.PATROL,
        key=f"campaigns.entry:{entry.pk}:{entry.version}",
    )
    case, _is_new = intake.report_case(
        report=report, photos=shots_of(entry, Stage.BEFORE)[:4], actor=actor, now=now
    )
    entry.case_id, entry.case_number = case.pk, case.number


def _category(entry: Entry, category_id: UUID | None) -> UUID:
    if category_id is not None:
        return category_id
    try:
        found: UUID = cases.get_category_by_code(entry.kind.category_code).pk
    except NotFound:
        raise BadInput(_("这一类没有对应的工单类别，选一个。"), field="category") from None
    return found
