"""Which closed cases are called about: a share of each week's, drawn so that anybody can draw again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import rules
from linli.cases.events import FollowUpRuleChanged, FollowUpsSampled
from linli.cases.models import Case, CaseSettings, FollowUp, FollowUpRule, FollowUpSample
from linli.cases.selectors import followups
from linli.cases.selectors.catalogue import get_settings
from linli.cases.states import CaseState
from linli.kernel import clock, events, tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, NotFound

DUTY: Final = "cases.configure"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group are called: by a rule, or the tenant's usual share."""

    rule: FollowUpRule | None
    percent: int
    least: int


def draw_last_week(now: datetime) -> int:
    """Draw the sample of the week before this one, once; return how many calls it makes."""
    week_on = rules.week_of(clock.local(now).date()) - timedelta(days=7)
    if FollowUpSample.objects.filter(week_on=week_on, rule=None).exists():
        return 0
    return draw_week(week_on=week_on, now=now)


@transaction.atomic
def draw_week(*, week_on: date, now: datetime) -> int:
    """Draw from the cases that were closed in a week, rule by rule; return how many calls it makes.

    A rule that was drawn from already is left alone, so that doing it twice does nothing.
    Source: issue 3, step 3, staff who did not handle a case call from a sampled list.
    """
    groups = _grouped(_closed_in(week_on))
    groups.setdefault(None, [])
    done = set(FollowUpSample.objects.filter(week_on=week_on).values_list("rule_id", flat=True))
    shares = {share.rule.pk if share.rule else None: share for share in _shares()}
    return sum(
        _draw(week_on, shares[rule_id], cases, now)
        for rule_id, cases in groups.items()
        if rule_id not in done
    )


def _closed_in(week_on: date) -> list[Case]:
    start = datetime.combine(week_on, time(0), tzinfo=clock.BEIJING)
    rows = Case.objects.filter(closed_at__gte=start, closed_at__lt=start + timedelta(days=7))
    closed = rows.filter(state=CaseState.CLOSED, is_excluded=False)
    return list(
        closed.select_related("reporter", "handler_post").only(
            "number", "category", "community", "area_path", "is_confidential", "reporter__phone_tail",
            "handler_organisation", "handler_post__organisation", "tenant_id",
        )
    )  # fmt: skip


def _shares() -> list[Share]:
    settings = get_settings()
    usual = Share(None, settings.followup_percent, settings.followup_least)
    own = FollowUpRule.objects.filter(ended_at=None)
    return [usual, *(Share(rule, rule.percent, rule.least) for rule in own)]


def _grouped(cases: Iterable[Case]) -> dict[UUID | None, list[Case]]:
    """Return the cases by the rule that fits best: both named, organisation, category, none."""
    ranked = sorted(
        FollowUpRule.objects.filter(ended_at=None),
        key=lambda rule: (rule.organisation_id is None, rule.category_id is None, rule.pk),
    )
    groups: dict[UUID | None, list[Case]] = defaultdict(list)
    for case in cases:
        groups[next((rule.pk for rule in ranked if _fits(rule, case)), None)].append(case)
    return groups


def _fits(rule: FollowUpRule, case: Case) -> bool:
    post = case.handler_post
    organisation_id = case.handler_organisation_id or (post.organisation_id if post else None)
    return rule.category_id in (None, case.category_id) and rule.organisation_id in (
        None,
        organisation_id,
    )


def _draw(week_on: date, share: Share, cases: list[Case], now: datetime) -> int:
    reachable = {case.number: case for case in cases if case.reporter and case.reporter.phone_tail}
    size = rules.sample_size(len(reachable), percent=share.percent, least=share.least)
    numbers = rules.drawn(reachable, seed=str(week_on), size=size)
    sample = FollowUpSample.objects.create(
        week_on=week_on,
        rule=share.rule,
        percent=share.percent,
        least=share.least,
        population=len(reachable),
        without_phone=len(cases) - len(reachable),
        chosen=len(numbers),
        digest=rules.digest_of(reachable),
        drawn_at=now,
    )
    FollowUp.objects.bulk_create(_followup(reachable[number], sample) for number in sorted(numbers))
    event = FollowUpsSampled(
        subject_id=sample.pk,
        week_on=str(week_on),
        rule_id=share.rule.pk if share.rule else None,
        percent=share.percent,
        least=share.least,
        population=sample.population,
        chosen=sample.chosen,
        digest=sample.digest,
    )
    events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
    return len(numbers)


def _followup(case: Case, sample: FollowUpSample) -> FollowUp:
    return FollowUp(
        case=case,
        sample=sample,
        community_id=case.community_id,
        area_path=case.area_path,
        is_confidential=case.is_confidential,
        week_on=sample.week_on,
    )


@transaction.atomic
def set_rule(
    *,
    category_id: UUID | None,
    organisation_id: UUID | None,
    percent: int,
    least: int,
    actor: Actor,
    now: datetime,
) -> FollowUpRule:
    """Set another share for a category, an organisation, or both; the next draw goes by it.

    Errors: NotAllowed, BadInput (with the field).
    """
    actor.require(DUTY)
    if category_id is None and organisation_id is None:
        raise BadInput(_("选一个类别或一个单位；其余的按办理规则里的比例抽。"), field="category_id")
    if not 0 <= percent <= 100:
        raise BadInput(_("填 0 到 100。"), field="percent")
    # Of two first rules for the same at once, the second waits here and changes the first.
    list(CaseSettings.objects.select_for_update().order_by("pk"))
    same = FollowUpRule.objects.select_for_update().filter(
        category_id=category_id, organisation_id=organisation_id, ended_at=None
    )
    row = same.order_by("pk").first()
    what = "changed" if row else "created"
    if row is None:
        row = FollowUpRule(category_id=category_id, organisation_id=organisation_id)
    row.percent, row.least = percent, least
    row.save()
    _tell(row, what, actor, now)
    return row


@transaction.atomic
def end_rule(*, rule_id: UUID, actor: Actor, now: datetime) -> None:
    """Go back to the usual share. Errors: NotAllowed, NotFound."""
    actor.require(DUTY)
    rows = FollowUpRule.objects.select_for_update().filter(pk=rule_id, ended_at=None)
    row = rows.order_by("pk").first()
    if row is None:
        raise NotFound(_("没有找到这条抽查规则。"))
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _tell(row, "ended", actor, now)


def _tell(row: FollowUpRule, what: str, actor: Actor, now: datetime) -> None:
    event = FollowUpRuleChanged(subject_id=row.pk, what=what, percent=row.percent, least=row.least)
    events.record(event, actor=actor, at=now)


def is_reproducible(sample_id: UUID) -> bool:
    """Draw a sample again from the cases as they are now, and tell whether it is the same.

    False also when cases of the week were reopened or left out since: their number says which.
    """
    sample = followups.get_sample(sample_id)
    cases = _grouped(_closed_in(sample.week_on)).get(sample.rule_id, [])
    numbers = [case.number for case in cases if case.reporter and case.reporter.phone_tail]
    if rules.digest_of(numbers) != sample.digest:
        return False
    kept = set(FollowUp.objects.filter(sample=sample).values_list("case__number", flat=True))
    return kept == set(rules.drawn(numbers, seed=str(sample.week_on), size=sample.chosen))
