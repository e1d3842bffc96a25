"""Fills a database with as many cases as asked, in one tenant, the way years of use would."""

import itertools
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

YEARS = 3
BUILDINGS = 200
OPEN_SHARE = 0.01  # of all cases, at most OPEN_MOST of them
OPEN_MOST = 3_000
PASSWORD = "bench-2026-linli"

_THINGS = ("垃圾桶", "路灯", "楼道", "消防通道", "电梯", "井盖", "充电桩", "水管", "绿化带", "门禁")
_FAULTS = (
    "满了没人清",
    "不亮了",
    "堆满杂物",
    "被车堵住",
    "坏了两天",
    "松动",
    "漏水",
    "太吵",
    "破损",
    "打不开",
)
_TAILS = (
    "，希望尽快处理",
    "，有老人差点摔倒",
    "，已经三天了",
    "，晚上看不清路",
    "，孩子经过很危险",
)


def build(size: int, say: Callable[[str], None]) -> dict[str, str]:
    """Make a tenant with a small community at work and `size` cases; return what the load needs."""
    from linli.cases.services import indexing
    from linli.indicators.services import rebuilding
    from linli.kernel import clock, tenancy

    made = _make_community()
    with tenancy.tenant(made["tenant_id"]):
        say(f"{size:,} cases")
        _Copy(size, made).run(say)
        say("counts")
        indexing.recount()
        begun = time.perf_counter()
        rebuilding.rebuild_tallies(now=clock.now(), progress=lambda done, total: None)
        made["rebuilt_in"] = f"{time.perf_counter() - begun:.0f}"
    _analyse()
    return {key: str(value) for key, value in made.items() if key != "buildings"}


def _make_community() -> dict[str, Any]:
    from django.contrib.auth.hashers import make_password

    from linli.cases.tests import makers
    from linli.kernel import clock, tenancy
    from linli.kernel.models import Tenant
    from linli.people.models import Account, LoginIdentity
    from linli.places.tests.makers import make_building

    now = clock.now()
    makers.MONDAY = now - timedelta(days=3)
    tenant = Tenant.objects.create(code="home", name="跑分区", created_at=now)
    with tenancy.tenant(tenant.pk):
        world = makers.make_neighbourhood()
        case = makers.make_case(world, at=now - timedelta(hours=1))
        buildings = [
            make_building(world.estate, name=f"{number}号楼", grid=world.grid).pk
            for number in range(100, 100 + BUILDINGS)
        ]
        key = _make_key(world)
        _fill_board(world, now)
        Account.objects.filter(pk=world.desk.account_id).update(password=make_password(PASSWORD))
    LoginIdentity.objects.update_or_create(
        account_id=world.desk.account_id, defaults={"login": "bench", "tenant_id": tenant.pk}
    )
    return {
        "tenant_id": tenant.pk,
        "key": key,
        "code": world.door.code,
        "login": "bench",
        "case": case.pk,
        "category": world.category.code,
        "area": world.community.pk,
        "board": f"home-{world.community.code}",
        "buildings": buildings,
    }


def _fill_board(world: Any, now: datetime) -> None:
    """Hang up what a community has on its board: guides, notices, cases of this week."""
    from linli.publishing import services
    from linli.publishing.tests import makers

    makers.with_board(world)
    hung = [makers.make_article(world, "guide", title=f"指南之{n}") for n in range(12)]
    hung += [makers.make_article(world, "notice", title=f"公告之{n}") for n in range(4)]
    for number in range(12):
        case = makers.make_resolved(world, at=now - timedelta(hours=3), text=f"第{number}件小事。")
        hung.append(services.prepare_case(case_id=case.pk, actor=world.wen, now=now))
    for article in hung:
        makers.release(world, article, now=now)


def _make_key(world: Any) -> str:
    """Return a key of another system that reads the community's cases."""
    from linli.clients.tests.makers import make_key
    from linli.kernel import clock
    from linli.posts.models import PostDuty
    from linli.posts.selectors import actor_of

    (post_id,) = world.lead.post_ids
    PostDuty.objects.create(post_id=post_id, duty="clients.manage")
    lead = actor_of(world.lead.account_id, clock.now())
    return make_key(lead, world.community, ("cases.view",), per_minute=6000).text


class _Copy:
    """Copies one real case, with its contact, events and words, `size` times."""

    def __init__(self, size: int, made: dict[str, Any]) -> None:
        from django.db import connection

        from linli.kernel import clock

        self.size, self.made, self.connection = size, made, connection
        self.is_postgresql = connection.vendor == "postgresql"
        self.random = random.Random(7)
        self.now = clock.now()
        self.start = self.now - timedelta(days=365 * YEARS)
        self.seal_id = self._seal()
        self.tables = {
            name: self._sample(name) for name in ("people_contact", "cases_case", "kernel_eventrow")
        }
        self.words_of: dict[str, str] = {}
        pks = made["buildings"]
        self.buildings = [str(pk) if self.is_postgresql else pk.hex for pk in pks]
        self.marks = self._marks()

    def run(self, say: Callable[[str], None]) -> None:
        """Write everything in chunks of 20,000 cases."""
        numbers = iter(range(self.size))
        while chunk := list(itertools.islice(numbers, 20_000)):
            rows = [self._one(number) for number in chunk]
            for at, name in enumerate(("people_contact", "cases_case")):
                self._write(name, list(self.tables[name]), [row[at] for row in rows])
            events = [event for row in rows for event in row[2]]
            self._write("kernel_eventrow", list(self.tables["kernel_eventrow"]), events)
            self._write_words([row[3] for row in rows])
            if chunk[-1] % 100_000 > 79_999:
                say(f"  {chunk[-1] + 1:,}")

    def _one(self, number: int) -> tuple[list[Any], list[Any], list[list[Any]], tuple[Any, ...]]:
        moment = self.start + (self.now - self.start) * (number / self.size)
        contact_id, case_id = self._uuid(moment), self._uuid(moment)
        text = "".join(self.random.choice(words) for words in (_THINGS, _FAULTS, _TAILS))
        tail = f"{self.random.randrange(10_000):04d}"
        is_open = self.size - number <= min(self.size * OPEN_SHARE, OPEN_MOST)
        due_at = self._time(self.now + timedelta(minutes=self.random.randrange(-3000, 4000)))
        at, done = self._time(moment), self._time(moment + timedelta(hours=30))
        contact = {
            "id": contact_id,
            "phone_tail": tail,
            "phone_hash": f"{self.random.getrandbits(256):064x}",
            "created_at": at,
        }
        case = {
            "id": case_id,
            "number": f"BN{number:08d}",
            "state": "reported" if is_open else "closed",
            "title": text[:24],
            "text": text,
            "reporter_id": contact_id,
            "building_id": self.random.choice(self.buildings),
            "reported_at": at,
            "clock_started_at": at,
            "due_at": due_at if is_open else None,
            "check_at": self._time(self.now + timedelta(days=9)) if is_open else None,
            "closed_at": None if is_open else done,
            "resolved_at": None if is_open else done,
            "responded_at": None if is_open else done,
        }
        events = [
            {"id": self._uuid(moment), "name": name, "subject_id": case_id, "happened_at": at,
             "recorded_at": at, "delivered_at": at, "seal_id": self.seal_id}
            for name in ("cases.case.reported", "cases.case.closed")
        ]  # fmt: skip
        return (
            self._row("people_contact", contact),
            self._row("cases_case", case),
            [self._row("kernel_eventrow", event) for event in events],
            (case_id, self._words(text, number, tail), moment),
        )

    def _sample(self, table: str) -> dict[str, Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} LIMIT 1")
            names = [column[0] for column in cursor.description]
            row = dict(zip(names, cursor.fetchone(), strict=True))
        return {name: _plain(value) for name, value in row.items()}

    def _row(self, table: str, changed: dict[str, Any]) -> list[Any]:
        return list((self.tables[table] | changed).values())

    def _uuid(self, moment: datetime) -> str:
        value = int(moment.timestamp() * 1000) << 80 | self.random.getrandbits(80)
        value = value & ~(0xF << 76) | 7 << 76
        value = value & ~(0x3 << 62) | 2 << 62
        made = uuid.UUID(int=value)
        return str(made) if self.is_postgresql else made.hex

    def _time(self, moment: datetime) -> str:
        moment = moment.astimezone(UTC)
        return moment.isoformat(" ") if self.is_postgresql else f"{moment.replace(tzinfo=None)}"

    def _seal(self) -> Any:
        from linli.kernel.models import Seal

        seal = Seal.objects.create(
            number=10**12, previous_hash="", hash="bench", event_count=0, sealed_at=self.now
        )
        return str(seal.pk) if self.is_postgresql else seal.pk.hex

    def _marks(self) -> str:
        from linli.cases.models import Case
        from linli.cases.selectors import search

        case = Case.objects.get(pk=self.made["case"])
        return " ".join(
            [search.tenant_mark(case.tenant_id), search.community_mark(case.community_id)]
        )

    def _words(self, text: str, number: int, tail: str) -> str:
        from linli.cases import rules

        if text not in self.words_of:
            self.words_of[text] = " ".join(rules.search_words(text))
        return (
            f"{self.words_of[text]} bn{number:08d} {number % 10_000:04d} phone{tail} {self.marks}"
        )

    def _write_words(self, rows: list[tuple[Any, ...]]) -> None:
        names = ["id", "tenant_id", "case_id", "words", "row"]
        if self.is_postgresql:
            full = [[self._uuid(at), self.made["tenant_id"], case_id, words, None]
                    for case_id, words, at in rows]  # fmt: skip
            self._write("cases_searchtext", names, full)
            return
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(rowid), 0) FROM cases_fts")
            first = cursor.fetchone()[0] + 1
        fts = [[first + at, words, case_id] for at, (case_id, words, _at) in enumerate(rows)]
        self._write("cases_fts", ["rowid", "words", "case_id"], fts)
        full = [[self._uuid(at), self.made["tenant_id"], case_id, "", first + i]
                for i, (case_id, _words, at) in enumerate(rows)]  # fmt: skip
        self._write("cases_searchtext", names, full)

    def _write(self, table: str, names: list[str], rows: list[list[Any]]) -> None:
        columns = ", ".join(names)
        self.connection.ensure_connection()
        raw: Any = self.connection.connection
        if self.is_postgresql:
            with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(names))
        with self.connection.cursor():
            raw.execute("BEGIN")
            raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
            raw.execute("COMMIT")


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value


def _analyse() -> None:
    from django.db import connection

    # PostgreSQL would tidy up by itself while it is measured; SQLite plans by what `migrate` wrote.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def texts() -> Iterator[str]:
    """Yield reports, one after the other, for ever."""
    for number in itertools.count():
        yield f"{_THINGS[number % 10]}{_FAULTS[number // 10 % 10]}，第 {number} 次反映"
