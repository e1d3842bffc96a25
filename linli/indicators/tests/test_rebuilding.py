"""Counting everything anew ends in the very same numbers, whatever died on the way."""

import random
from datetime import timedelta

import pytest

from linli.cases.models import Case
from linli.cases.services import correcting, desk, handling
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_category, make_neighbourhood
from linli.indicators.models import CaseFact, Tally, TallyState
from linli.indicators.rules.measures import CODES
from linli.indicators.services import counting, rebuilding
from linli.indicators.tests.test_tallies import rate
from linli.kernel import jobs, outbox, worker
from linli.kernel.actor import system
from linli.kernel.errors import DomainError


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


def live(world, seed: int, *, cases: int = 12) -> None:
    """Let a random story happen: every case goes as far as chance takes it."""
    chance = random.Random(seed)
    noise = make_category(f"noise-{seed}", "噪音")
    for number in range(cases):
        at = MONDAY + timedelta(hours=chance.randrange(60))
        case = make_case(world, at=at, phone=f"100{seed:04d}{number:04d}")
        for step in (_accept, _correct, _resolve, _rate):
            if chance.random() < 0.25:
                break
            at += timedelta(hours=chance.randrange(1, 40))
            case = step(world, case, at, chance, noise)
            if case is None:
                break
        if chance.random() < 0.4:
            deliver(at)
    worker.tick(MONDAY + timedelta(days=chance.randrange(3, 30)))


def _accept(world, case, at, chance, noise):
    if chance.random() < 0.2:
        decline = desk.Decline(
            reason="不在职权内。", rule="条例", alternative="找供电公司。",
            review_on=(at + 60 * DAY).date(),
        )  # fmt: skip
        desk.decline_case(case_id=case.pk, decline=decline, actor=world.desk, now=at)
        return None
    return desk.accept_case(case_id=case.pk, actor=world.desk, now=at)


def _correct(world, case, at, chance, noise):
    if chance.random() < 0.5:
        correcting.correct_case(case_id=case.pk, category_id=noise.pk, actor=world.desk, now=at)
    return case


def _resolve(world, case, at, chance, noise):
    return handling.resolve_case(case_id=case.pk, text="清走了。", actor=world.desk, now=at)


def _rate(world, case, at, chance, noise):
    rate(case, is_solved=chance.random() < 0.8, satisfaction=chance.choice([1, 2, 3, 3]), at=at)


def deliver(at=MONDAY) -> None:
    while outbox.deliver_events(at):
        pass


def numbers() -> set:
    """Return every sum that is read and is not nothing."""
    edition = TallyState.objects.get().edition
    rows = Tally.objects.filter(edition=edition)
    kept = rows.values_list("area_path", "cut", "key", "day", *CODES)
    return {row for row in kept if any(row[4:])}


def facts() -> set:
    return set(CaseFact.objects.values_list("pk", "area_path", "category", "took", *CODES))


def rebuild(**facts) -> int:
    return rebuilding.rebuild_tallies(now=MONDAY, progress=lambda done, total: None, **facts)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_story_counted_anew_gives_the_very_same_numbers(world, seed):
    live(world, seed)
    before, facts_before = numbers(), facts()
    assert before
    assert rebuild(stretch=5) == Case.objects.count()
    assert numbers() == before
    assert facts() == facts_before
    assert Tally.objects.values("edition").distinct().count() == 1


def test_what_was_lost_or_altered_comes_back(world):
    live(world, 4)
    before = numbers()
    CaseFact.objects.all().delete()
    Tally.objects.update(received=7)
    rebuild()
    assert numbers() == before


def test_a_rebuilding_killed_half_way_shows_the_old_numbers_and_can_be_begun_again(world):
    live(world, 5)
    before = numbers()

    def die(done, total):
        if done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild_tallies(now=MONDAY, progress=die, stretch=5)
    assert numbers() == before
    live(world, 6, cases=4)  # The worker goes on counting in the meantime.
    now_there = numbers()
    rebuild(stretch=3)
    assert numbers() == now_there


def test_what_happens_while_counting_anew_is_counted_in_both(world):
    live(world, 7)

    def meanwhile(done, total):
        if done and not seen:
            seen.append(done)
            case = Case.objects.order_by("pk").first()
            Case.objects.filter(pk=case.pk).update(reopen_count=3)
            counting.count_cases([case.pk])
            make_case(world, at=MONDAY + HOUR, phone="10099999999")
            deliver()

    seen = []
    rebuilding.rebuild_tallies(now=MONDAY, progress=meanwhile, stretch=5)
    both = numbers()
    rebuild()
    assert numbers() == both


def test_whoever_begins_later_goes_on_alone(world):
    live(world, 8)

    def begin_again(done, total):
        rebuilding.rebuild_tallies(now=MONDAY, progress=lambda d, t: None)

    with pytest.raises(DomainError):
        rebuilding.rebuild_tallies(now=MONDAY, progress=begin_again, stretch=2)
    assert TallyState.objects.get().building is None


def test_a_worker_killed_between_two_cases_counts_neither_half(world, monkeypatch):
    make_case(world)
    make_case(world, phone="10000000099")

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(counting, "add", die)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert not CaseFact.objects.exists()
    deliver()
    before = numbers()
    rebuild()
    assert numbers() == before


def test_the_operator_counts_anew_as_a_run(world):
    live(world, 10)
    before = numbers()
    run = rebuilding.start_rebuild(actor=system(world.community.tenant_id), now=MONDAY, key="a")
    jobs.run_one("kernel.run", str(run.pk), MONDAY)
    run.refresh_from_db()
    assert (run.state, run.done_count) == ("done", Case.objects.count())
    assert numbers() == before
    with pytest.raises(DomainError):
        rebuilding.start_rebuild(actor=world.desk, now=MONDAY, key="b")
