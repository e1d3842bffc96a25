"""Care on a worker's phone: the day's cards, and visits that come in hours later."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.care import selectors, services
from linli.care.events import VisitMade
from linli.care.selectors import catalogue, words
from linli.care.selectors import day as days
from linli.care.services import VisitSheet
from linli.care.states import EndReason, Outcome
from linli.field.selectors import day
from linli.field.services import submissions
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.posts.services import handover

KIND = "care.visit"
_OWN = ("outcome", "manner", "trouble", "is_danger", "note", "again_on", "photo")
_YES = ("yes", "true", "1", "on")

day.ends("visit", VisitMade.name)


@day.gives("care")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the people of today, those who cannot wait first."""
    return [_card(one, now) for one in days.day_of(actor, now).today]


def _card(one: days.DayLine, now: datetime) -> day.Card:
    profile, line = one.profile, one.line
    facts = [(_("离不开"), "、".join(one.needs))] if one.needs else []
    if one.advice:
        facts.append((_("要做的"), one.advice))
    return day.Card(
        key=f"{KIND}:{profile.pk}",
        kind="visit",
        title=_title(line),
        why=one.why,
        place=line.home_label if line else "",
        link=reverse("care:field_card", args=[profile.pk]),
        version=str(profile.version),
        is_late=one.is_late,
        is_urgent=one.is_alert,
        form=KIND,
        subject_id=str(profile.pk),
        list_code=profile.list_code,
        facts=tuple(facts),
        items=catalogue.card_items(profile.list_code),
    )


def _title(line: Any) -> str:
    if line is None:
        return _("走访")
    if line.age is None:
        return str(line.name_masked)
    return _("%(name)s · %(age)d 岁") % {"name": line.name_masked, "age": line.age}


@submissions.takes(KIND, label=gettext_lazy("走访"), reads="care.view")
def take_visit(sent: submissions.Sent) -> submissions.Taken:
    """Take a visit that a phone made, by the very service of the page.

    Where care ended in between (died, moved away), the visitor is told and both words stand side by
    side; sent again after that look, the visit is kept and changes nothing.
    """
    if sent.subject_id is None:
        raise BadInput(_("这条走访没有写明是谁。"))
    profile = selectors.get_profile(sent.subject_id, sent.actor)
    link = reverse("care:field_card", args=[profile.pk])
    if profile.is_over and sent.base_version != str(profile.version):
        raise submissions.Differs((_ended(profile, sent),), link=link, version=str(profile.version))
    visit, _is_new = services.record_visit(
        profile_id=sent.subject_id,
        sheet=sheet_of(sent.answers),
        photos=sent.photos,
        key=str(sent.id),
        at=sent.made_at,
        actor=sent.actor,
        now=sent.now,
    )
    told = str(words.DONE[words.word_of(visit)])
    return submissions.Taken(link=link, words=told, subject_id=profile.pk)


def _ended(profile: Any, sent: submissions.Sent) -> submissions.Difference:
    outcome = sent.answers.get("outcome")
    return submissions.Difference(
        name="ended_reason",
        label=_("还在走访吗"),
        base=_("在走访"),
        sent=str(Outcome(outcome).label) if outcome in Outcome.values else "",
        here=str(EndReason(profile.ended_reason).label),
    )


def sheet_of(answers: dict[str, Any]) -> VisitSheet:
    """Return what a phone says as the service reads it; wrong shapes are refused there."""
    again = answers.get("again_on")
    return VisitSheet(
        outcome=str(answers.get("outcome") or ""),
        manner=str(answers.get("manner") or "visit"),
        trouble=str(answers.get("trouble") or ""),
        is_danger=str(answers.get("is_danger") or "").lower() in _YES,
        note=str(answers.get("note") or ""),
        again_on=_day(str(again)) if again else None,
        answers={code: value for code, value in answers.items() if code not in _OWN},
    )


def _day(text: str) -> date | None:
    """Return a day as a phone writes it. Errors: BadInput, also on a day that no month has."""
    try:
        return parse_date(text)
    except ValueError:
        raise BadInput(_("下次的日子写得不对，例如 2026-03-31。"), field="again_on") from None


@handover.gives("care")
def open_care(leaving: handover.Leaving) -> list[handover.Line]:
    """Return whom a post visits: the next one signs for each of them. Care hangs on the post."""
    return [
        handover.Line(
            key=f"care.profile:{one.profile.pk}",
            kind=_("常去看望的人"),
            title=f"{one.line.name_masked} {one.line.home_label}" if one.line else _("走访"),
            note=_("%(n)d 天看一次，%(why)s")
            % {"n": one.profile.every_days, "why": one.why},
            due_at=clock.local(leaving.now).replace(
                year=one.profile.due_on.year, month=one.profile.due_on.month,
                day=one.profile.due_on.day, hour=18, minute=0, second=0, microsecond=0,
            ),
            is_late=one.is_late,
            link=reverse("care:profile", args=[one.profile.pk]),
        )
        for one in days.left_by(leaving.post_id, leaving.now)
    ]  # fmt: skip
