"""What a row of a list of people would become: somebody new, nobody because they are here, a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.kernel.records import Record
from linli.people.models import Person, PersonState, TagKind
from linli.people.rules.identity import name_key
from linli.people.rules.import_rows import PersonRow, Wrong, read_person
from linli.people.selectors.finding import REGISTER, hash_of
from linli.people.selectors.register import SENSITIVE
from linli.people.services import import_words
from linli.places import selectors as places
from linli.places.selectors.home_book import HomeBook, NoHome
from linli.places.selectors.homes import HomeAt, homes_at

MOST_BOOKS: Final = 3  # communities whose homes are kept at a time: lists go place by place


class Status(StrEnum):
    """What comes of a row."""

    NEW = "new"
    SAME = "same"  # registered at this home already
    WRONG = "wrong"


@dataclass(slots=True)
class Plan:
    """A row and what would come of it. missing: (entrance, number) of a home to be added."""

    number: int
    row: PersonRow
    home: HomeAt | None = None
    missing: tuple[UUID, str] | None = None
    book: HomeBook | None = None
    id_hash: str = ""
    name_hash: str = ""
    tag_ids: list[UUID] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    status: Status = Status.NEW

    def refuse(self, problem: tuple[str, str]) -> None:
        """Note what is wrong."""
        self.problems.append(problem)
        self.status = Status.WRONG


class PeopleReader:
    """Reads rows as a list's columns say, a batch with the register at a time. Remembers homes and
    numbers seen: four hundred thousand rows ask little more often than four hundred.
    """

    def __init__(
        self,
        *,
        columns: Mapping[str, int],
        community_id: UUID,
        makes_homes: bool,
        actor: Actor,
        today: date,
    ) -> None:
        self._columns, self._actor, self._today = columns, actor, today
        self._community_id, self._makes_homes = community_id, makes_homes
        self._books: dict[UUID, HomeBook] = {}
        self._may: dict[str, bool] = {}
        # Half of the hash of a number, to the row it stands in first.
        self._seen: dict[int, int] = {}

    def read(self, records: Sequence[Record]) -> list[Plan]:
        """Return what would come of some rows, given those before them and the register."""
        plans = [self._plan(record) for record in records]
        self._compare([plan for plan in plans if plan.status == Status.NEW])
        return plans

    def _plan(self, record: Record) -> Plan:
        if record.problem:
            plan = Plan(record.number, PersonRow(record.number))
            plan.refuse(import_words.say(Wrong.UNREADABLE, record.problem))
            return plan
        cells = record.cells
        said = {
            name: cells[column] if column < len(cells) else ""
            for name, column in self._columns.items()
        }
        row = read_person(record.number, said, self._today)
        plan = Plan(record.number, row)
        for wrong, words in row.mistakes:
            plan.refuse(import_words.say(wrong, words))
        self._find_home(plan)
        self._find_tags(plan)
        self._see(plan)
        return plan

    def _find_home(self, plan: Plan) -> None:
        community_id = self._community(plan.row.community)
        if community_id is None:
            plan.refuse(import_words.say(Wrong.COMMUNITY, plan.row.community[:20]))
            return
        if not plan.row.address[1] or not plan.row.address[3]:
            return  # said already
        plan.book = book = self._book(community_id)
        found = book.find(*plan.row.address)
        label = " ".join(part for part in plan.row.address if part)[:40]
        if isinstance(found, NoHome):
            said = {NoHome.ESTATE: plan.row.address[0], NoHome.BUILDING: plan.row.address[1]}
            plan.refuse(import_words.say_home(found, said.get(found, label)[:40]))
        elif isinstance(found, UUID):
            plan.missing = (found, plan.row.address[3])
            if not self._makes_homes:
                plan.refuse(import_words.say_home("missing", label))
        else:
            plan.home = found
            if not self._may_at(found.area_path):
                plan.refuse(import_words.say(Wrong.OUTSIDE, ""))

    def _find_tags(self, plan: Plan) -> None:
        for word in plan.row.tags:
            kind, is_sensitive = self._tags.get(word, (None, False))
            if kind is None or (is_sensitive and not self._sees_at(plan)):
                plan.refuse(import_words.say(Wrong.TAG, word[:20]))
            elif kind not in plan.tag_ids:
                plan.tag_ids.append(kind)

    def _sees_at(self, plan: Plan) -> bool:
        """Tell whether sensitive tags may be given at the home of a row."""
        path = plan.home.area_path if plan.home else plan.book.path if plan.book else None
        return path is not None and self._actor.can(SENSITIVE, path)

    def _see(self, plan: Plan) -> None:
        plan.name_hash = hash_of("name", name_key(plan.row.name))
        plan.id_hash = hash_of("id", plan.row.id_number)
        if not plan.id_hash:
            return
        mark = int(plan.id_hash[:16], 16)
        first = self._seen.setdefault(mark, plan.number)
        if first != plan.number:
            words = _("第 %(n)d 行") % {"n": first}
            plan.refuse(import_words.say(Wrong.TWICE, words))

    def _compare(self, plans: Sequence[Plan]) -> None:
        """Tell those apart who are here already, and those whose number is somebody else's."""
        known = self._known(plans)
        for plan in plans:
            other = known.get(plan.id_hash) if plan.id_hash else None
            at = plan.home.id if plan.home else None
            if other is None:
                key = f"{at}:{plan.name_hash}"
                if not plan.id_hash and key in known:
                    plan.status = Status.SAME
                elif not plan.id_hash and at is not None:
                    known[key] = None  # the second row of the same name at one home
            elif other.name_hash != plan.name_hash:
                words = _("这个证件号码登记的是另一个姓名（%(name)s），核对是谁的。")
                name = masking.mask_name(other.name)
                plan.refuse(import_words.say(Wrong.KNOWN, words % {"name": name}))
            elif other.home_id == at:
                plan.status = Status.SAME
            else:
                plan.refuse(import_words.say(Wrong.KNOWN, self._where(other)))

    def _known(self, plans: Sequence[Plan]) -> dict[str, Person | None]:
        hashes = [plan.id_hash for plan in plans if plan.id_hash]
        homes = {plan.home.id for plan in plans if plan.home and not plan.id_hash}
        live = Person.objects.exclude(state=PersonState.MERGED)
        found: dict[str, Person | None] = {}
        if hashes:
            # Names and numbers stay encrypted: a list that comes again would open them all.
            rows = (
                live.filter(id_hash__in=hashes)
                .exclude(id_hash="")
                .only("tenant_id", "id_hash", "name_hash", "home_id")
            )
            found |= {one.id_hash: one for one in rows}
        if homes:
            names = live.filter(Q(home_id__in=homes)).values_list("home_id", "name_hash")
            found |= {f"{home_id}:{name}": None for home_id, name in names}
        return found

    def _where(self, other: Person) -> str:
        home = homes_at([other.home_id])[other.home_id]
        where = home.label if self._may_at(home.area_path) else _("别的社区或网格")
        return _("这个人已登记在%(where)s。搬来了就办“迁入”，不用重新登记。") % {"where": where}

    # What the list has for what we know

    @cached_property
    def _tags(self) -> dict[str, tuple[UUID, bool]]:
        rows = TagKind.objects.filter(is_active=True)
        found = list(rows.values_list("id", "code", "name", "is_sensitive"))
        return {
            word: (tag_id, is_sensitive)
            for tag_id, code, name, is_sensitive in found
            for word in (code, name)
        }

    @cached_property
    def _communities(self) -> dict[str, UUID]:
        mine = places.communities_of(self._actor.scopes(REGISTER))
        return {key: one.pk for one in mine for key in (one.name, one.code)}

    def _community(self, said: str) -> UUID | None:
        if not said:
            return self._community_id
        return self._communities.get(said) or self._communities.get(f"{said}社区")

    def _book(self, community_id: UUID) -> HomeBook:
        if community_id not in self._books:
            if len(self._books) >= MOST_BOOKS:
                del self._books[next(iter(self._books))]
            self._books[community_id] = HomeBook(community_id)
        return self._books[community_id]

    def _may_at(self, area_path: str) -> bool:
        if area_path not in self._may:
            self._may[area_path] = self._actor.can(REGISTER, area_path)
        return self._may[area_path]
