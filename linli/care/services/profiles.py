"""Who is looked after: begun with a plan, changed, ended with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.care.errors import AlreadyCaredFor, CareEnded, StaleProfile
from linli.care.events import CareChanged, CareRevealed, CareStarted
from linli.care.events import CareEnded as CareEndedEvent
from linli.care.models import CareProfile
from linli.care.selectors import access, catalogue, persons
from linli.care.services import boards, checks, settling
from linli.care.states import AgreedHow, EndReason, Need
from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.people.selectors import register
from linli.people.services import looking
from linli.people.services.looking import PersonInFull
from linli.posts import selectors as posts

WHY_LENGTH: Final = 500
_PLAN: Final = (
    "level", "every_days", "risk", "list_code", "needs", "why", "post", "second_post", "agreed_how",
    "agreed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """What is agreed. every_days and list_code: None and "" follow the level. why: None keeps it."""

    level_code: str
    post_id: UUID
    second_post_id: UUID | None = None
    every_days: int | None = None
    list_code: str = ""
    needs: tuple[str, ...] = ()
    why: str | None = None
    agreed_how: str = ""


@transaction.atomic
def start_care(*, person_id: UUID, sheet: PlanSheet, actor: Actor, now: datetime) -> CareProfile:
    """Begin to look after somebody; the first visit is due today.

    Errors: NotFound, NotAllowed, BadInput (with the field), AlreadyCaredFor.
    Source: S1 1.6.
    """
    card = register.find_person(person_id, actor)
    if card is None:
        raise NotFound(_("没有找到这位居民，或者不归您的岗位管。"))
    actor.require(access.MANAGE, card.area_path)
    if card.line.is_gone:
        raise BadInput(_("这位居民已经不在这里住了。"), field="person")
    if CareProfile.objects.filter(person_id=person_id, ended_at=None).exists():
        raise _already()
    home = persons.dwelling_of_home(card.home.id)
    if home is None:
        raise BadInput(_("先在居民档案里登记住在哪一户。"), field="person")
    profile = CareProfile(
        person_id=person_id, community_id=home.community_id, area_path=home.area_path,
        building_id=home.building_id, home_id=home.home_id, floor=home.floor,
        started_at=now, started_by=actor.who, unseen_since=clock.local(now).date(),
        due_on=clock.local(now).date(),
    )  # fmt: skip
    _plan(profile, sheet, now)
    profile.turn_post_id = profile.post_id
    _insert(profile)
    boards.follow([profile], actor, now)
    event = CareStarted(
        subject_id=profile.pk, area_path=profile.area_path, person_id=person_id,
        every_days=profile.every_days,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return profile


@transaction.atomic
def change_care(
    *, profile_id: UUID, sheet: PlanSheet, version: int, actor: Actor, now: datetime
) -> CareProfile:
    """Change the plan; where somebody stands follows it.

    version: as the page saw it. Errors: NotFound, NotAllowed, BadInput, CareEnded, StaleProfile.
    """
    profile = open_profile(profile_id, actor)
    if profile.version != version:
        raise StaleProfile(_("别人刚刚改过这份档案。看一下最新的内容再接着改。"))
    before = {name: _raw(profile, name) for name in _PLAN}
    _plan(profile, sheet, now)
    changed = [name for name in _PLAN if _raw(profile, name) != before[name]]
    if not changed:
        return profile
    keep_plan(profile, changed, actor, now)
    return profile


@transaction.atomic
def end_care(
    *, profile_id: UUID, reason: str, actor: Actor, now: datetime, reason_of: str = ""
) -> CareProfile:
    """End care with a reason; the history stays as long as its retention allows.

    Errors: NotFound, NotAllowed, BadInput, CareEnded.
    """
    profile = open_profile(profile_id, actor)
    if reason not in EndReason.values or reason == EndReason.MERGED:
        raise BadInput(_("选一下为什么不再走访。"), field="reason")
    close(profile, reason, actor, now)
    return profile


@dataclass(frozen=True, slots=True)
class Shown:
    """Why somebody is looked after, and who they are, for whoever said why they look."""

    why: str
    person: PersonInFull


@transaction.atomic
def reveal_care(
    *, profile_id: UUID, purpose: str, note: str = "", actor: Actor, now: datetime
) -> Shown:
    """Show why somebody is looked after, with name and phone; who looked and why is recorded.

    Errors: NotFound, BadInput (no purpose, or "other" without words).
    Source: beyond.md 21, who looked at my record.
    """
    profile = access.get_profile(profile_id, actor)
    is_allowed = access.may_visit(profile, actor) or actor.can(access.MANAGE, profile.area_path)
    person = looking.reveal_person(
        person_id=profile.person_id, purpose=purpose, note=note, subject_id=profile.pk,
        is_allowed=is_allowed, actor=actor, now=now,
    )  # fmt: skip
    event = CareRevealed(
        subject_id=profile.pk, area_path=profile.area_path, person_id=profile.person_id,
        purpose=purpose,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return Shown(profile.why, person)


def open_profile(profile_id: UUID, actor: Actor) -> CareProfile:
    """Lock a profile that the actor manages. Errors: NotFound, NotAllowed, CareEnded."""
    profile = access.get_profile(profile_id, actor, lock=True)
    actor.require(access.MANAGE, profile.area_path)
    if profile.is_over:
        raise CareEnded(_("这份关怀已经结束。需要的话重新建一份。"))
    return profile


def close(profile: CareProfile, reason: str, actor: Actor, now: datetime) -> None:
    """Set the end of a profile and take it off the boards of alerts; records the event."""
    profile.ended_at, profile.ended_by, profile.ended_reason = now, actor.who, reason
    profile.version += 1
    profile.save(update_fields=["ended_at", "ended_by", "ended_reason", "version"])
    boards.take_off(profile, reason, actor, now)
    event = CareEndedEvent(
        subject_id=profile.pk, area_path=profile.area_path, person_id=profile.person_id,
        reason=reason,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)


def keep_plan(profile: CareProfile, changed: list[str], actor: Actor, now: datetime) -> None:
    """Save a plan that changed, and where the person stands with it; records the event."""
    profile.version += 1
    settling.restand(profile)
    profile.save(update_fields=[*changed, *settling.STANDING_FIELDS, "version"])
    boards.follow([profile], actor, now)
    events.record(changed_event(profile, changed), actor=actor, at=now)


def changed_event(profile: CareProfile, changed: list[str]) -> CareChanged:
    """Return the event of a plan that changed."""
    return CareChanged(
        subject_id=profile.pk, area_path=profile.area_path, person_id=profile.person_id,
        fields=changed,
    )  # fmt: skip


def _insert(profile: CareProfile) -> None:
    try:
        with transaction.atomic():
            profile.save(force_insert=True)
    except IntegrityError:
        # Two began at once; the database keeps one.
        raise _already() from None


def _already() -> AlreadyCaredFor:
    return AlreadyCaredFor(_("这位居民已经在关怀名单里，在名单上改安排。"))


def _plan(profile: CareProfile, sheet: PlanSheet, now: datetime) -> None:
    level = catalogue.get_level(sheet.level_code)
    profile.level = level
    profile.risk = level.risk
    profile.every_days = sheet.every_days or level.every_days
    if not 1 <= profile.every_days <= 366:
        raise BadInput(_("多久看一次，填 1 到 366 天。"), field="every_days")
    profile.list_code = _list_code(sheet.list_code or level.list_code)
    unknown = set(sheet.needs) - set(Need.values)
    if unknown:
        raise BadInput(_("离不开什么，重新选一下。"), field="needs")
    profile.needs = ",".join(code for code in Need.values if code in sheet.needs)
    if sheet.why is not None:
        profile.why = checks.short(sheet.why, WHY_LENGTH, "why")
    _posts(profile, sheet)
    if sheet.agreed_how and sheet.agreed_how not in AgreedHow.values:
        raise BadInput(_("选一下是怎么同意的。"), field="agreed_how")
    if sheet.agreed_how and not profile.agreed_at:
        profile.agreed_at = now
    if not sheet.agreed_how:
        profile.agreed_at = None
    profile.agreed_how = sheet.agreed_how


def _list_code(code: str) -> str:
    known = {one for one, _name in catalogue.list_names()}
    if code and code not in known:
        raise BadInput(_("这张单子现在没有了，另选一张。"), field="list_code")
    return code


def _posts(profile: CareProfile, sheet: PlanSheet) -> None:
    """Set the visitors. Errors: BadInput for a post that does not answer for this place."""
    if sheet.second_post_id == sheet.post_id:
        raise BadInput(_("第二走访人要换一个人。"), field="second_post_id")
    for field, post_id in (("post_id", sheet.post_id), ("second_post_id", sheet.second_post_id)):
        if post_id is not None:
            try:
                posts.chosen(
                    post_id=post_id, organisation_id=None, area_path=profile.area_path, by=""
                )
            except BadInput as refusal:
                raise BadInput(refusal.message, field=field) from None
    profile.post_id, profile.second_post_id = sheet.post_id, sheet.second_post_id


def _raw(profile: CareProfile, name: str) -> Any:
    return getattr(profile, f"{name}_id" if name in ("level", "post", "second_post") else name)
