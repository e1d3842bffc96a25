"""What is forgotten of care when its time is over, and what the person themselves gets as a copy."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.care.models import AlertTask, CareProfile, FamilyContact, Visit, VisitPhoto
from linli.care.selectors import catalogue, history
from linli.care.states import Need, Outcome
from linli.kernel import clock, pictures
from linli.kernel.sentences import answered


@transaction.atomic
def forget_visits(before: datetime, limit: int) -> int:
    """Delete visits made before a moment, with their photos; return how many.

    Where somebody stands is stored with the profile and stays.
    """
    rows = Visit.objects.filter(at__lt=before).order_by("at")
    return _forget(list(rows.values_list("id", flat=True)[:limit]))


@transaction.atomic
def forget_ended(before: datetime, limit: int) -> int:
    """Delete profiles that ended before a moment with all that belongs to them; return how many."""
    rows = CareProfile.objects.filter(ended_at__lt=before).order_by("ended_at")
    ids = list(rows.values_list("id", flat=True)[:limit])
    while _forget_visits_of(ids):
        pass
    AlertTask.objects.filter(profile_id__in=ids).delete()
    FamilyContact.objects.filter(profile_id__in=ids).delete()
    CareProfile.objects.filter(id__in=ids).delete()
    return len(ids)


def _forget_visits_of(profile_ids: list[UUID]) -> int:
    rows = Visit.objects.filter(profile_id__in=profile_ids)
    return _forget(list(rows.values_list("id", flat=True)[:500]))


def _forget(ids: list[UUID]) -> int:
    photos = VisitPhoto.objects.filter(visit_id__in=ids)
    paths = [path for pair in photos.values_list("path", "thumb_path") for path in pair]
    photos.delete()
    Visit.objects.filter(same_as_id__in=ids).update(same_as=None)
    Visit.objects.filter(id__in=ids).delete()
    transaction.on_commit(lambda: pictures.discard(paths))
    return len(ids)


Table = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


def copy_of(person_id: UUID) -> list[Table]:
    """Return what is kept of a person here, for their own copy: title, header, rows of each table.

    Source: Personal Information Protection Law, article 45.
    """
    profiles = list(
        CareProfile.objects.filter(person_id=person_id).select_related("level").order_by("id")
    )
    plans = tuple(
        (
            one.level.name, str(one.every_days),
            "、".join(str(Need(code).label) for code in one.need_codes), one.why,
            _day(one.started_at), _day(one.ended_at),
        )
        for one in profiles
    )  # fmt: skip
    visits = tuple(
        (_day(one.at), str(Outcome(one.outcome).label), one.note, _answers(one, profile.list_code))
        for profile in profiles
        for one in Visit.objects.filter(profile=profile).order_by("at", "id")
    )
    return [
        (
            _("关怀走访"),
            (_("等级"), _("几天一次"), _("离不开"), _("为什么"), _("从"), _("到")),
            plans,
        ),
        (_("走访记录"), (_("哪天"), _("见到了吗"), _("补充"), _("看到的")), visits),
    ]


def _answers(visit: Visit, list_code: str) -> str:
    said = history.answers_of(visit, catalogue.items_of(list_code))
    return "；".join(answered(label, answer) for label, answer, _is_bad in said)


def _day(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d}" if at else ""
