"""Search in the register by keyed hashes of words, never leaving the places that the actor may see.

Every person's words carry clear marks of the tenant, the community and the building. A grid is
looked for as its buildings: when it is drawn anew, nobody's words change.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from linli.kernel import tenancy
from linli.kernel.actor import Actor
from linli.kernel.secrets import lookup_hash
from linli.kernel.wordtable import WordTable
from linli.people import rules
from linli.people.models import Person
from linli.people.rules import finding
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, building_ids_in

REGISTER: Final = "people.register"
# More matches than anybody pages through; those entered last come first.
MOST: Final = 200
# So many of those entered last are looked at whatever the words are (2 ms): what many have is there.
NEAR: Final = 5_000
_HASH: Final = 32
_WORD: Final = 12
# Lists come in community by community: those of an old one lie far from what was entered last.
_WORDS: Final = WordTable("people_persontext", "person_id")


def hash_of(kind: str, value: str) -> str:
    """Return the keyed hash by which a value of the register is found; "" stays ""."""
    return lookup_hash(kind, value, tenancy.current_tenant_id())[:_HASH] if value else ""


def in_scope(actor: Actor, duty: str = REGISTER) -> Q:
    """Return the condition on persons and households that the actor's grants of a duty cover."""
    scopes = actor.scopes(duty)
    if "" in scopes:
        return Q()
    return within(scopes) if scopes else Q(pk__in=[])


def within(paths: tuple[str, ...]) -> Q:
    """Return the condition on persons and households that lie below some paths."""
    communities, buildings = _ground(paths)
    return Q(community_id__in=communities) | Q(building_id__in=buildings)


def words_of(name: str, phone_tail: str, home: HomeAt) -> str:
    """Return everything that finds a person, as it is stored."""
    tenant_id = tenancy.current_tenant_id()
    own = (_word(tenant_id, one) for one in finding.person_words(name, phone_tail))
    return " ".join([*own, _words_of_home(tenant_id, home)])


def find_ids(query: str, actor: Actor, *, most: int = MOST) -> list[UUID]:
    """Return the persons that everything in the query fits, those entered last first.

    A whole identity number or phone number finds by its own hash.
    """
    exact = _exactly(query)
    if exact is not None:
        rows = Person.objects.filter(exact & in_scope(actor)).order_by("-id")
        return list(rows.values_list("id", flat=True)[:most])
    wanted = finding.query_words(query)
    marks = _marks(actor)
    if not wanted or marks == []:
        return []
    tenant_id = tenancy.current_tenant_id()
    groups: list[Sequence[str]] = [[_word(tenant_id, one) for one in group] for group in wanted]
    groups += [[f"tenant{tenant_id}"]] if marks is None else [marks, [f"tenant{tenant_id}"]]
    if connection.vendor == "postgresql":
        return _find_on_postgresql(groups, most)
    return _find_on_sqlite(groups, most)


def _exactly(query: str) -> Q | None:
    plain = query.replace(" ", "")
    digits = sum(sign.isdigit() for sign in plain)
    if digits >= 14 and len(plain) in (15, 18):
        return Q(id_hash=hash_of("id", plain.upper())) & ~Q(id_hash="")
    phone = rules.normalise_phone(plain) if digits >= 10 else None
    return Q(phone_hash=hash_of("phone", phone)) & ~Q(phone_hash="") if phone else None


def _marks(actor: Actor) -> list[str] | None:
    """Return the marks of the places that the actor may see; None is the whole tenant."""
    scopes = actor.scopes(REGISTER)
    if "" in scopes:
        return None
    communities, buildings = _ground(scopes)
    return [f"area{one.hex}" for one in communities] + [f"house{one.hex}" for one in buildings]


def _ground(scopes: tuple[str, ...]) -> tuple[list[UUID], list[UUID]]:
    """Return the communities below the paths, and the buildings of those paths that are grids."""
    grids = tuple(path for path in scopes if not places.community_ids((path,)))
    return places.community_ids(scopes), building_ids_in(grids) if grids else []


def _find_on_postgresql(groups: Iterable[Sequence[str]], most: int) -> list[UUID]:
    expression = " & ".join("(" + " | ".join(f"'{one}'" for one in group) + ")" for group in groups)
    found = _WORDS.among_newest(expression, NEAR, most)
    return found if len(found) == most else _WORDS.by_index(expression, most)


def _find_on_sqlite(groups: Iterable[Sequence[str]], most: int) -> list[UUID]:
    expression = " AND ".join(
        "(" + " OR ".join(f'"{one}"' for one in group) + ")" for group in groups
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM people_fts WHERE people_fts MATCH %s ORDER BY rowid DESC LIMIT %s",
            [expression, most],
        )
        return [UUID(row[0]) for row in cursor.fetchall()]


@lru_cache(maxsize=50_000)
def _word(tenant_id: int, word: str) -> str:
    return "w" + lookup_hash("people.word", word, tenant_id)[:_WORD]


@lru_cache(maxsize=2_000)
def _words_of_home(tenant_id: int, home: HomeAt) -> str:
    words = finding.address_words(home.estate, home.building, home.entrance, home.number)
    marks = [f"tenant{tenant_id}", f"area{home.community_id.hex}", f"house{home.building_id.hex}"]
    return " ".join([*(_word(tenant_id, one) for one in words), *marks])
