"""Something real behind each id in the addresses of patrols, for the gates."""

from types import SimpleNamespace
from typing import Any

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.patrols.models import Patrol
from linli.patrols.services import roots, rounds, routes, walking
from linli.patrols.services.routes import Part, RouteFacts
from linli.patrols.services.walking import Seen
from linli.patrols.tests.makers import make_clause, make_list
from linli.places.models import Facility
from linli.places.services.facility_faults import note_fault


def patrol_things(world: SimpleNamespace, keeper: Actor, facility_id: Any) -> dict[str, Any]:
    """Make a route, a walk that goes on, a round and a proposal. The keeper may do everything."""
    now = clock.now()
    make_clause()
    facts = RouteFacts(
        name="日巡", area_id=world.community.pk, item_list_id=make_list().pk,
        starts_on=clock.local(now).date(),
    )  # fmt: skip
    route = routes.create_route(facts=facts, actor=keeper, now=now)
    parts = [Part(facility_id=facility_id), Part(building_id=world.building.pk)]
    points = routes.add_points(route_id=route.pk, parts=parts, actor=keeper, now=now)
    walking.check_point(point_id=points[0].pk, seen=Seen(at=now), actor=keeper, now=now)
    found = rounds.make_round(
        area_id=world.community.pk, title="停水通知", due_on=clock.local(now).date(),
        actor=keeper, now=now,
    )  # fmt: skip
    note_fault(
        facility_id=facility_id, case_id=new_id(), number="DC26030009", title="坏了",
        actor=keeper, at=now,
    )  # fmt: skip
    root = roots.propose_root(facility_id=facility_id, fault_count=3, actor=keeper, now=now)
    assert root is not None
    assert Facility.objects.filter(pk=facility_id).exists()
    return {
        "route_id": route.pk,
        "point_id": points[1].pk,
        "patrol_id": Patrol.objects.get(route=route).pk,
        "round_id": found.pk,
        "root_id": root.pk,
    }
