"""The work on a list of people: look at every row, then take the good ones in, batch by batch.

A batch is one transaction with the place in the file behind it: a worker that dies repeats nothing.
Rows are read, encrypted, counted, indexed and told of by the hundred; what a row means is decided
by the same rules as at the desk.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events, records, run_files, runs
from linli.kernel.errors import NotFound
from linli.kernel.rows import insert_all, made
from linli.people.events import PersonRegistered
from linli.people.models import (
    ImportState,
    KnownFrom,
    Person,
    PersonImport,
    PersonState,
    PersonTag,
    Residence,
)
from linli.people.rules.identity import name_key
from linli.people.rules.import_rows import PersonRow
from linli.people.selectors.finding import REGISTER, hash_of, words_of
from linli.people.services import secret_files
from linli.people.services.counting import counting, hold, in_month
from linli.people.services.import_reading import PeopleReader, Plan, Status
from linli.people.services.register import Stay, new_person, new_residences, raise_versions
from linli.people.services.twins import note_twins_of
from linli.people.services.wording import insert_words
from linli.places.selectors.homes import HomeAt
from linli.places.services.homes import add_homes

BATCH: Final = 400
# Where others may write meanwhile, more at once cost each row a tenth less.
BATCH_POSTGRESQL: Final = 1_200
BREATH_SECONDS: Final = 0.002  # others who wait to write come in between


def check_rows(run: runs.Running) -> None:
    """Look at every row of a list, count what would come of them, and tell what is wrong."""
    waiting = _waiting(run)
    reader, counts = _reader(waiting, run), Counter[str]()
    kinds: Counter[str] = Counter()
    for batch in _batches(waiting, after=0):
        for plan in reader.read(batch):
            counts[plan.status] += 1
            if plan.status == Status.WRONG:
                kinds[plan.problems[0][0]] += 1
                _tell(run, plan)
            elif plan.status == Status.NEW and plan.missing:
                counts["homes"] += 1
        run.progress(_total(counts))
    found: dict[str, Any] = {**counts, "rows": _total(counts), "kinds": kinds.most_common()}
    mine = PersonImport.objects.filter(pk=waiting.pk, check_run_id=run.id)
    mine.filter(state=ImportState.WAITING).update(state=ImportState.CHECKED, found=found)
    run.say(_summary(counts), f"/desk/people/imports/{waiting.pk}/")


def take_rows(run: runs.Running) -> None:
    """Take every good row in that is not here yet; the file is deleted at the end."""
    waiting = _waiting(run)
    reader = _reader(waiting, run)
    counts = Counter[str](run.cursor["counts"] if run.cursor else {})
    after = run.cursor["row"] if run.cursor else 0
    run.progress(run.done, run.data["total"])
    for batch in _batches(waiting, after=after) if waiting.path else ():
        _take_some(run, reader, batch, counts)
        run.progress(run.done)
        time.sleep(BREATH_SECONDS)
    PersonImport.objects.filter(pk=waiting.pk).update(path="")
    run_files.discard(waiting.path)
    run.say(_summary(counts, is_done=True), "/desk/people/")


@transaction.atomic
def _take_some(
    run: runs.Running, reader: PeopleReader, batch: Sequence[records.Record], counts: Counter[str]
) -> None:
    plans = reader.read(batch)
    for plan in plans:
        counts[plan.status] += 1
        if plan.status == Status.WRONG:
            _tell(run, plan)
    take_plans([plan for plan in plans if plan.status == Status.NEW], run)
    place = {"row": batch[-1].number, "counts": dict(counts)}
    run.keep(place, done=run.done + len(batch))


def plan_for(home: HomeAt, *, tag_ids: Sequence[UUID] = (), **said: Any) -> Plan:
    """Return the plan of somebody at a home, for lists that are made and not read.

    said: fields of a row: name, id_number, sex, born_on, phone, kinds, relation, starts_on.
    """
    row = PersonRow(0, **said)
    plan = Plan(0, row, home=home, tag_ids=list(tag_ids))
    plan.name_hash, plan.id_hash = hash_of("name", name_key(row.name)), hash_of("id", row.id_number)
    return plan


def take_plans(plans: Sequence[Plan], run: Any) -> list[Person]:
    """Enter the people of plans, many at once: as `register_person` would one by one.

    run: who acts and when (`actor`, `now`).
    """
    actor, now = run.actor, run.now
    _make_homes(plans, run)
    homes = {plan.home.id: plan.home for plan in plans if plan.home}
    households = hold(homes.values(), now)
    people: list[Person] = []
    residences: list[Residence] = []
    tags: list[PersonTag] = []
    ids = sorted(homes)
    with counting(ids) as counted:
        for plan in plans:
            assert plan.home is not None
            stay = _stay(plan)
            person = _person(plan, stay, now)
            people.append(person)
            residences += new_residences(person, stay, now)
            tags += _tags(person, plan, actor.who, now)
            if person.state == PersonState.HERE and stay.starts_on is not None:
                counted[in_month(plan.home, "in", stay.starts_on)] += 1
        for rows in (people, residences, tags):
            insert_all(rows)
    insert_words([(one, words_of(one.name, one.phone_tail, homes[one.home_id])) for one in people])
    note_twins_of(people, now)
    raise_versions(list(households.values()))
    told = [
        PersonRegistered(
            subject_id=one.pk,
            area_path=homes[one.home_id].area_path,
            home_id=one.home_id,
            source=KnownFrom.IMPORT,
        )
        for one in people
    ]
    events.record_all(told, actor=actor, at=now)
    return people


def _make_homes(plans: Sequence[Plan], run: Any) -> None:
    missing = {plan.missing: plan for plan in plans if plan.home is None and plan.missing}
    if not missing:
        return
    made = add_homes(wanted=missing, duty=REGISTER, actor=run.actor, now=run.now)
    for book in {id(plan.book): plan.book for plan in missing.values() if plan.book}.values():
        book.add({key: one for key, one in made.items() if book.knows(key[0])})
    for plan in plans:
        if plan.home is None and plan.book is not None:
            found = plan.book.find(*plan.row.address)
            assert not isinstance(found, UUID | str)
            plan.home = found


def _stay(plan: Plan) -> Stay:
    row = plan.row
    return Stay(kinds=row.kinds, relation=row.relation, starts_on=row.starts_on)


def _person(plan: Plan, stay: Stay, now: Any) -> Person:
    row, home = plan.row, plan.home
    assert home is not None
    person = new_person(home, stay, KnownFrom.IMPORT, now, now)
    person.name, person.name_hash = row.name, plan.name_hash
    person.id_kind, person.id_number, person.id_hash = row.id_kind, row.id_number, plan.id_hash
    person.sex, person.born_on, person.phone = row.sex, row.born_on, row.phone
    person.phone_hash, person.phone_tail = hash_of("phone", row.phone), row.phone[-4:]
    return person


def _tags(person: Person, plan: Plan, who: UUID | None, now: Any) -> list[PersonTag]:
    return [
        made(
            PersonTag,
            person_id=person.pk,
            kind_id=tag_id,
            source=KnownFrom.IMPORT,
            recorded_at=now,
            recorded_by=who,
        )
        for tag_id in plan.tag_ids
    ]


def _tell(run: runs.Running, plan: Plan) -> None:
    text = " ".join(words for _kind, words in plan.problems)
    run.error(plan.number, text, plan.problems[0][0])


def _total(counts: Counter[str]) -> int:
    return sum(counts[status] for status in Status)


def _summary(counts: Counter[str], *, is_done: bool = False) -> str:
    words = _("已登记 %(new)d 人") if is_done else _("可以登记 %(new)d 人")
    rest = _("，%(same)d 人已在库里，%(wrong)d 行不对。")
    return (words + rest) % {status: counts[status] for status in Status}


def _waiting(run: runs.Running) -> PersonImport:
    waiting = PersonImport.objects.filter(pk=UUID(run.data["import"])).first()
    if waiting is None or (not waiting.path and run.cursor is None):
        raise NotFound(_("这份名单已经不在了，要用就再上传一次。"))
    return waiting


def _reader(waiting: PersonImport, run: runs.Running) -> PeopleReader:
    return PeopleReader(
        columns=waiting.columns,
        community_id=waiting.community_id,
        makes_homes=waiting.makes_homes,
        actor=run.actor,
        today=clock.local(run.now).date(),
    )


def _batches(waiting: PersonImport, *, after: int) -> Iterator[list[records.Record]]:
    with secret_files.opened(waiting.path) as file, records.reading(file) as found:
        batch: list[records.Record] = []
        most = BATCH_POSTGRESQL if connection.vendor == "postgresql" else BATCH
        for record in found.rows:
            if record.number <= after:
                continue
            batch.append(record)
            if len(batch) == most:
                yield batch
                batch = []
        if batch:
            yield batch
