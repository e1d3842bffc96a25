"""What runs in a process of its own with the product's settings: makes a world, and looks at it.

`python -m tests.hard_times.inside seed` prints a JSON object as its last line. It is a process and
not the test's own Django, because the test's settings and connections are other ones.
"""

import json
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import django

WAIT_SECONDS = 400


def seed() -> dict[str, Any]:
    """Make the tables and a small community; return how to reach it."""
    from config import prepare
    from linli.cases.tests.makers import make_neighbourhood
    from linli.kernel import clock, tenancy
    from linli.kernel.models import Tenant

    prepare.build_static_files()
    prepare.migrate()
    home = Tenant.objects.create(code="home", name="本区", created_at=clock.now())
    with tenancy.tenant(home.pk):
        world = make_neighbourhood()
    return {"report": f"/s/{world.door.code}/report/", "at": f"/at/home-{world.community.code}/"}


def add_late_cases() -> dict[str, Any]:
    """Report cases whose promises have long been missed, as if no worker had run since."""
    from linli.cases.models import Category
    from linli.cases.services import intake
    from linli.kernel import clock
    from linli.kernel.actor import reporter
    from linli.places import selectors as places

    def make(tenant_id: int) -> dict[str, Any]:
        community = places.communities()[0]
        where = places.where_of(
            community_id=community.pk, building_id=places.buildings_of(community.pk)[0].pk
        )
        for number in range(30):
            intake.report_case(
                report=intake.Report(
                    category_id=Category.objects.get().pk,
                    text=f"第 {number} 件：灯不亮。",
                    where=where,
                    source="scan",
                ),
                actor=reporter(tenant_id),
                now=clock.now() - timedelta(days=20, minutes=number),
            )
        return {}

    return _at_home(make)


def look() -> dict[str, Any]:
    """Wait until the worker has nothing left to do, then count what stands in the tables."""
    return _at_home(lambda _tenant_id: _count(is_quiet=_wait_until_quiet()))


def _count(*, is_quiet: bool) -> dict[str, Any]:
    from linli.cases.models import Case, QueueTally
    from linli.kernel.models import EventRow, Retry
    from linli.messages.models import Notice

    cases = Case.objects.values_list("pk", "number", "state")
    events = Counter(EventRow.objects.values_list("name", "subject_id"))
    notices = Counter(
        Notice.objects.values_list(
            "event_name", "subject_id", "account_id", "contact_id", "robot_id"
        )
    )
    tallies = Counter()
    for state, count in QueueTally.objects.values_list("state", "count"):
        tallies[state] += count
    return {
        "is_quiet": is_quiet,
        "cases": len(cases),
        "numbers": len({number for _pk, number, _state in cases}),
        "states": Counter(state for _pk, _number, state in cases),
        "tallies": +tallies,
        "events": Counter(name for name, _subject in events.elements()),
        "most_of_one": _most(events),
        "most_of_one_notice": max(notices.values(), default=0),
        "notices": Counter(notice[0] for notice in notices.elements()),
        "retries": Retry.objects.count(),
    }


def _most(events: Counter) -> dict[str, int]:
    """Return how often each kind of event happened to the one to whom it happened most."""
    most: Counter = Counter()
    for (name, _subject), count in events.items():
        most[name] = max(most[name], count)
    return dict(most)


def _wait_until_quiet() -> bool:
    from linli.cases.models import Case
    from linli.kernel import clock
    from linli.kernel.models import EventRow

    for _attempt in range(WAIT_SECONDS * 4):
        is_due = Case.objects.filter(check_at__lte=clock.now()).exists()
        if not is_due and not EventRow.objects.filter(delivered_at=None).exists():
            return True
        time.sleep(0.25)
    return False


def _at_home(work: Any) -> dict[str, Any]:
    from linli.kernel import tenancy
    from linli.kernel.models import Tenant

    tenant_id = Tenant.objects.get(code="home").pk
    with tenancy.tenant(tenant_id):
        result: dict[str, Any] = work(tenant_id)
    return result


if __name__ == "__main__":
    django.setup()
    wish = {"seed": seed, "add_late_cases": add_late_cases, "look": look}[sys.argv[1]]
    sys.stdout.write("\n" + json.dumps(wish()) + "\n")
