"""What becomes a case: something is wrong, or nobody can be met. In the category that a blueprint names."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.care.models import CareProfile, Visit
from linli.care.rules import Standing
from linli.care.selectors import catalogue, persons
from linli.care.states import Trouble
from linli.cases import selectors as cases
from linli.cases.selectors import Source
from linli.cases.services import desk, intake
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, NotFound
from linli.places import selectors as places


def report_wrong(profile: CareProfile, visit: Visit, actor: Actor, now: datetime) -> UUID:
    """Make a case of what is wrong; urgent where somebody is in danger. Return its id."""
    what = str(Trouble(visit.trouble).label)
    text = _("关怀走访发现有事：%(what)s。") % {"what": what}
    if visit.note:
        text = f"{text}{visit.note}"
    return _report(
        profile, text, key=f"care.wrong:{visit.pk}", is_urgent=visit.is_danger, actor=actor, now=now
    )


def report_missing(profile: CareProfile, stands: Standing, actor: Actor, now: datetime) -> UUID:
    """Make an urgent case of somebody whom nobody could meet; it has its own clock. Return its id."""
    text = _("敲门 %(n)d 次都没见到人，最后一次见到是 %(day)s。请今天想办法联系上。") % {
        "n": stands.misses, "day": f"{stands.unseen_since.month} 月 {stands.unseen_since.day} 日",
    }  # fmt: skip
    key = f"care.missing:{profile.pk}:{stands.missed_on}"
    return _report(profile, text, key=key, is_urgent=True, actor=actor, now=now)


def note_found(profile: CareProfile, visit: Visit, now: datetime) -> None:
    """Say on the case about nobody having met them that somebody did."""
    if profile.missing_case_id is not None:
        words = _("见到人了：%(what)s。") % {"what": visit.get_outcome_display()}
        by = system(profile.tenant_id)
        desk.note_case(case_id=profile.missing_case_id, text=words, actor=by, now=now)


def _report(
    profile: CareProfile, text: str, *, key: str, is_urgent: bool, actor: Actor, now: datetime
) -> UUID:
    line = persons.line_of(profile, actor)
    answers = ((_("关怀对象"), line.name_masked), (_("住处"), line.home_label)) if line else ()
    report = intake.Report(
        category_id=_category().pk,
        text=text,
        where=where_of(profile),
        source=Source.PATROL,
        answers=answers,
        is_urgent=is_urgent,
        key=key,
    )
    case, _is_new = intake.report_case(report=report, actor=actor, now=now)
    return case.pk


def _category() -> Any:
    """Return the category that the blueprint names, else one that few may see, else the first."""
    known = cases.active_categories()
    named = [one for one in known if one.code == catalogue.category_code()]
    quiet = [one for one in known if one.is_confidential]
    for found in (*named, *quiet, *known):
        return found
    raise NotFound(_("这里还没有设诉求类别，先请社区负责人设好。"))


def where_of(profile: CareProfile) -> places.Where:
    """Return where somebody lives; a building that is gone leaves the community."""
    try:
        return places.where_of(community_id=profile.community_id, building_id=profile.building_id)
    except BadInput:
        return places.where_of(community_id=profile.community_id)
