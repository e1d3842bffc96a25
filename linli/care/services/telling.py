"""Who is told: the second visitor at once, family that agreed. Never what somebody suffers from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from linli.care.models import Alert, AlertTask, CareProfile, FamilyContact, Visit
from linli.care.selectors import family as families
from linli.care.states import AlertKind
from linli.kernel import clock
from linli.messages import services as messages
from linli.places import selectors as places
from linli.posts import selectors as posts


def tell_second(profile: CareProfile, visit: Visit, now: datetime) -> None:
    """Tell the second visitor that somebody is theirs today."""
    if profile.second_post_id is None:
        return
    holders = posts.holders_of([profile.second_post_id], now)[profile.second_post_id]
    messages.tell(
        event_name="care.turn.passed",
        audience="handler",
        key=f"care.turn:{profile.pk}:{visit.pk}",
        facts=_facts(profile),
        link=reverse("care:field_card", args=[profile.pk]),
        subject_id=profile.pk,
        area_path=profile.area_path,
        account_ids=holders,
        is_urgent=True,
        now=now,
    )


def tell_family_of_trouble(profile: CareProfile, visit: Visit, now: datetime) -> None:
    """Tell family that agreed that something is wrong and the community is at it."""
    key = f"care.trouble:{visit.case_id or visit.pk}"
    _tell(
        families.told_of([profile.pk]),
        "care.family.trouble", key, _facts(profile), now, is_urgent=visit.is_danger,
    )  # fmt: skip


def tell_family_of_alert(
    profile_ids: Iterable[Any], alert: Alert, community: Any, now: datetime
) -> int:
    """Tell family that agreed that an alert is on and that somebody will look in; return how many."""
    facts = {
        "community": community.name, "phone": community.phone,
        "reason": str(AlertKind(alert.kind).label),
        "until": _moment(alert.until),
    }  # fmt: skip
    told = families.told_of(profile_ids)
    _tell(told, "care.family.alert", f"care.alert:{alert.pk}", facts, now)
    return len(told)


def tell_family_of_reaching(profile: CareProfile, task: AlertTask, now: datetime) -> None:
    """Tell family that agreed that somebody was reached and is safe."""
    if task.alert.tells_family:
        facts = {**_facts(profile), "reason": str(AlertKind(task.alert.kind).label)}
        told = families.told_of([profile.pk])
        _tell(told, "care.family.reached", f"care.reached:{task.pk}", facts, now)


def _tell(
    told: list[FamilyContact], event_name: str, key: str, facts: dict[str, str], now: datetime,
    *, is_urgent: bool = False,
) -> None:  # fmt: skip
    messages.tell_all([
        messages.Telling(
            event_name=event_name,
            audience="reporter",
            key=f"{key}:{one.pk.hex}",
            facts=facts,
            link=families.link_of(one),
            subject_id=one.profile_id,
            area_path=one.profile.area_path,
            contact_id=one.contact_id,
            is_urgent=is_urgent,
            now=now,
        )
        for one in told
    ])  # fmt: skip


def _facts(profile: CareProfile) -> dict[str, str]:
    community = places.get_community_by_id(profile.community_id)
    return {"community": community.name, "phone": community.phone}


def _moment(at: datetime) -> str:
    local = clock.local(at)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"
