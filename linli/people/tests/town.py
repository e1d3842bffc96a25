"""Something real behind every id of the register's pages, for the gates that walk them all."""

from types import SimpleNamespace
from typing import Any

from linli.kernel import clock
from linli.kernel.actor import Actor, system
from linli.people.models import Duplicate, FieldKind, UpperForm
from linli.people.services import importing, marking, merging
from linli.people.tests.makers import make_home, make_tag, number_of, register
from linli.places.tests.makers import make_entrance


def register_things(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    """Make a household with everything that its pages show; return what addresses carry."""
    now, actor = clock.now(), system(world.community.tenant_id)
    entrance = make_entrance(world.building, "21单元")
    home, other = make_home(entrance, "901"), make_home(entrance, "902")
    make_tag("elder_home", "居家老人")
    mei = register(home.id, "梅大雨", phone="10000000081", actor=actor, now=now)
    twin = register(
        other.id, "梅大雨", phone="10000000081", id_number=number_of(), actor=actor, now=now
    )
    gone = register(other.id, "梅三雨", phone="10000000082", actor=actor, now=now)
    same = register(other.id, "梅三雨", phone="10000000082", actor=actor, now=now)
    merge = merging.merge_people(kept_id=gone.pk, gone_id=same.pk, actor=actor, now=now)
    marking.tag_person(person_id=mei.pk, code="elder_home", actor=actor, now=now)
    relative = marking.Other(kind="child", name="梅小小", phone="10000000083", is_contact=True)
    kin = marking.add_relation(person_id=mei.pk, other=relative, actor=actor, now=now)
    FieldKind.objects.create(code="skill_town", name="手艺", subject="person", value="text")
    UpperForm.objects.create(
        code="town_form", name="手艺表", office="街道", subject="person", fields=["skill_town"]
    )
    table = "姓名,楼栋,单元,房号\n梅小雨,3号楼,21单元,901\n,3号楼,21单元,901\n".encode()
    kept = importing.prepare_import(
        community_id=world.community.pk, file_name="名单.csv", chunks=[table], actor=keeper, now=now
    )
    pair = Duplicate.objects.get(first=mei, second=twin)
    own = {"person_id": mei.pk, "home_id": home.id, "code": "elder_home"}
    doors = {f"people:{door}_{name}": own for door in ("desk", "field") for name in _OWN}
    return {
        **doors,
        **{
            f"people:desk_import{end}": {"import_id": kept.pk}
            for end in ("", "_confirm", "_discard")
        },
        **{f"people:{door}_grid": {"grid_id": world.grid.pk} for door in ("desk", "field")},
        "pair_id": pair.pk,
        "merge_id": merge.pk,
        "relation_id": kin.pk,
        "people:desk_form": {"code": "town_form"},
        "home_id": home.id,
    }


_OWN = (
    "home", "new", "check", "arrival", "moving", "unrelating", "person", "correction",
    "leaving", "death", "tags", "untagging", "relatives", "seeing",
)  # fmt: skip
