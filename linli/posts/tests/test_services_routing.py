"""Rules are edited and hold at once; parked work runs again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from linli.kernel import events, jobs
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.models import Job, Retry
from linli.people.tests.makers import make_account
from linli.places import selectors as places
from linli.places.tests.makers import make_community, make_estate
from linli.posts import selectors, services
from linli.posts.models import RoutingRule
from linli.posts.services import RuleSheet
from linli.posts.tests.makers import make_rule, post_of

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def rule(cast, **facts) -> RuleSheet:
    return RuleSheet(**{"area_id": cast.community.pk, "role": "grid_worker", **facts})


@pytest.fixture
def _categories(monkeypatch):
    from linli.posts.selectors import book

    monkeypatch.setattr(book, "_sources", [])
    services.register_category_source(lambda: [("litter", "环境卫生")])
    services.register_category_source(book._sources[0])
    assert len(book._sources) == 1


def go(cast):
    at = places.where_of(community_id=cast.community.pk, building_id=cast.building.pk)
    return selectors.route(category_code="litter", where=at, now=NINE)


@pytest.mark.usefixtures("_categories")
def test_a_rule_holds_from_the_moment_it_is_added_until_it_is_removed(cast):
    assert go(cast).is_fallback
    made = services.add_rule(sheet=rule(cast, category_code="litter"), actor=cast.lead, now=NINE)
    assert go(cast).post_id == post_of("lin").pk
    services.change_rule(
        rule_id=made.pk,
        sheet=rule(cast, role="", organisation_id=cast.bureau.pk),
        actor=cast.lead,
        now=NINE,
    )
    assert go(cast).organisation_id == cast.bureau.pk
    services.remove_rule(rule_id=made.pk, actor=cast.lead, now=NINE)
    assert go(cast).is_fallback
    assert [row.data["how"] for row in events.timeline(made.pk)] == ["added", "changed", "removed"]
    with pytest.raises(NotFound):
        services.remove_rule(rule_id=made.pk, actor=cast.lead, now=NINE)


@pytest.mark.usefixtures("_categories")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role": ""}, "target"),
        ({"role": "king"}, "target"),
        ({"role": "desk", "post": "lin"}, "target"),
        ({"role": "audit_admin"}, "target"),  # an office opens no cases
        ({"role": "", "post": "auditor"}, "target"),
        ({"role": "", "post_id": "unknown"}, "target"),
        ({"role": "", "organisation_id": "unknown"}, "target"),
        ({"category_code": "weather"}, "category_code"),
    ],
)
def test_a_rule_says_what_is_wrong(cast, facts, field):
    facts = {key: new_id() if value == "unknown" else value for key, value in facts.items()}
    if "post" in facts:
        facts["post_id"] = post_of(facts.pop("post")).pk
    with pytest.raises(BadInput) as refusal:
        services.add_rule(sheet=rule(cast, **facts), actor=cast.lead, now=NINE)
    assert refusal.value.field == field
    assert not RoutingRule.objects.exists()


def test_a_rule_may_name_a_post_and_an_estate(cast):
    facts = {"role": "", "post_id": post_of("desk").pk, "estate_id": cast.estate.pk}
    services.add_rule(sheet=rule(cast, **facts), actor=cast.lead, now=NINE)
    assert go(cast).post_id == post_of("desk").pk
    other = make_estate(make_community("西城社区", "659004003003"), "西苑")
    with pytest.raises(NotFound):
        services.add_rule(sheet=rule(cast, estate_id=other.pk), actor=cast.lead, now=NINE)


def test_rules_beyond_ones_area_are_shown_but_not_changed(cast):
    above = make_rule(cast.community.parent)
    own = make_rule(cast.community, role="desk")
    lines = selectors.rule_lines(cast.lead, area_path=cast.community.path)
    assert [(line.id, line.is_own) for line in lines] == [(own.pk, True), (above.pk, False)]
    with pytest.raises(NotFound):
        services.remove_rule(rule_id=above.pk, actor=cast.lead, now=NINE)
    with pytest.raises(NotFound):
        selectors.rule_values(above.pk, cast.lead)
    with pytest.raises(NotAllowed):
        services.add_rule(
            sheet=rule(cast, area_id=cast.community.parent_id), actor=cast.lead, now=NINE
        )


def test_the_operator_lets_parked_work_run_again(cast):
    with transaction.atomic():
        jobs.enqueue("messages.nothing", key="1", due_at=NINE)
        row = services.appoint(
            post_id=post_of("lin").pk,
            account_id=make_account("吴").pk,
            starts_at=NINE,
            actor=cast.lead,
            now=NINE,
        )
    Job.objects.update(parked_at=NINE, attempts=9, error="boom")
    event = events.timeline(row.post_id)[-1]
    retry = Retry.objects.create(event=event, subscriber="x", due_at=NINE, parked_at=NINE)
    job_id = Job.objects.get(task="messages.nothing").pk
    shown = selectors.running(cast.operator, NINE)
    assert [one.what for one in shown.parked_jobs] == ["messages.nothing"]
    assert [one.id for one in shown.parked_events] == [retry.pk]
    services.try_job_again(job_id=job_id, actor=cast.operator, now=NINE)
    services.try_event_again(retry_id=retry.pk, actor=cast.operator, now=NINE)
    shown = selectors.running(cast.operator, NINE)
    assert (shown.parked_jobs, shown.parked_events) == ((), ())
    for again in (
        lambda: services.try_job_again(job_id=job_id, actor=cast.operator, now=NINE),
        lambda: services.try_event_again(retry_id=retry.pk, actor=cast.operator, now=NINE),
    ):
        with pytest.raises(NotFound):
            again()
    with pytest.raises(NotAllowed):
        services.try_job_again(job_id=job_id, actor=cast.lead, now=NINE)
