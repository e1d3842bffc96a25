"""How a case comes in: reported once per key, numbered, promised, routed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import rules
from linli.cases.errors import PhotoRequired
from linli.cases.events import CaseReported
from linli.cases.models import (
    Case,
    Category,
    Lateness,
    PhotoStage,
    ServiceLevel,
    Source,
)
from linli.cases.rules import TEXT_LIMIT, Promises
from linli.cases.selectors import catalogue
from linli.cases.services._ground import facts_of, set_clock
from linli.cases.services.assigning import dispatch_by_itself
from linli.cases.services.photos import Photos, discard_files, keep_photos, stores_photos
from linli.cases.states import CaseState
from linli.kernel import calendar, clock, events, idempotency, numbers, rows
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.kernel.worktime import Limit, Unit, due_at
from linli.people import services as people
from linli.places.selectors import Where

PHOTO_LIMIT = 4
TEXT_LIMIT_OF_SYSTEMS = 4000  # GeoReport v2: what other systems may send
FROM_SYSTEMS = (Source.API, Source.IMPORT)
# What staff take down on somebody's behalf.
TAKEN_DOWN = (Source.PHONE, Source.WALK_IN, Source.HOTLINE, Source.GROUP_CHAT, Source.WHISTLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody said, as the form or the telephone brought it."""

    category_id: UUID
    text: str
    where: Where
    source: Source
    spot: str = ""
    answers: tuple[tuple[str, str], ...] = ()  # (question as asked, answer)
    name: str = ""
    phone: str = ""
    address: str = ""
    consent_version: str = ""
    is_urgent: bool = False
    key: str = ""  # made with the form: the same key makes one case
    device: str = ""  # the sender's device, so that "me too" counts once
    account_id: UUID | None = None  # the resident's account, when signed in
    # When it came in elsewhere, before it came here; the promise runs from now all the same.
    received_at: datetime | None = None


@stores_photos("photos")
def report_case(
    *, report: Report, photos: Photos = (), actor: Actor, now: datetime
) -> tuple[Case, bool]:
    """Take a report in: number it, promise, route. Return the case and whether it is new.

    photos: cleaned; at most PHOTO_LIMIT. The same key gives the same case.
    Errors: BadInput (with the field), PhotoRequired, NotFound (category ended), Conflict (same key,
    other content), NoSpace.
    Source: S3 3.1, S5 5.9; house.md 4.
    """
    category = catalogue.get_category(report.category_id)
    check_report(report, len(photos), category)
    with transaction.atomic():
        case, is_new = _report(report, photos, category, actor, now)
    if not is_new:
        discard_files(photos)
    return case, is_new


def enter_case(
    *, report: Report, photos: Photos = (), actor: Actor, now: datetime
) -> tuple[Case, bool]:
    """Take a call or a walk-in down on somebody's behalf. Errors: NotAllowed and those of
    report_case.

    Source: S3 3.6, a call becomes a case.
    """
    actor.require("cases.enter", report.where.area_path)
    return report_case(report=report, photos=photos, actor=actor, now=now)


def _report(
    report: Report, photos: Photos, category: Category, actor: Actor, now: datetime
) -> tuple[Case, bool]:
    made: list[Case] = []
    case_id = new_id()

    def make() -> UUID:
        made.append(_make_case(case_id, report, category, photos=photos, actor=actor, now=now))
        return made[0].pk

    mark = idempotency.fingerprint(
        report.category_id, report.text.strip(), report.phone, report.where.label, report.spot
    )

    # Two tabs have two keys: the same words from the same device within the hour are one case.
    same = f"{report.device}:{mark}:{now:%y%m%d%H}" if report.device else ""
    found_id, _is_new = idempotency.once(
        "cases.report",
        report.key,
        mark,
        make,
        result_id=case_id,
        same=("cases.report.same", same),
    )
    case = made[0] if made else Case.objects.select_related("category").get(pk=found_id)
    return case, bool(made)


def check_report(report: Report, photo_count: int, category: Category) -> None:
    """Refuse a report that can't be taken in. Errors: BadInput (with the field), PhotoRequired."""
    text = report.text.strip()
    if not text:
        raise BadInput(_("请简单写一下看到了什么，一两句话就可以。"), field="text")
    limit = TEXT_LIMIT_OF_SYSTEMS if report.source in FROM_SYSTEMS else TEXT_LIMIT
    if len(text) > limit:
        raise BadInput(
            _("写得太长了：现在 %(have)s 字，最多 %(most)s 字。留下最要紧的，其余提交后再补充。")
            % {"have": f"{len(text):,}", "most": f"{limit:,}"},
            field="text",
        )
    if photo_count > PHOTO_LIMIT:
        raise BadInput(_("照片最多 %(most)s 张。") % {"most": PHOTO_LIMIT}, field="photos")
    if category.needs_photo and not photo_count and report.source in (Source.SCAN, Source.WEB):
        raise PhotoRequired(
            _("“%(name)s”请至少拍一张照片，处理的人才找得到、看得清。") % {"name": category.name},
            field="photos",
        )


def _make_case(
    case_id: UUID,
    report: Report,
    category: Category,
    *,
    photos: Photos,
    actor: Actor,
    now: datetime,
) -> Case:
    contact = people.keep_contact(
        name=report.name,
        phone=report.phone,
        address=report.address,
        consent_version=report.consent_version,
        account_id=report.account_id,
        actor=actor,
        now=now,
    )
    case = new_case(case_id, report, category, now)
    case.reporter = contact
    case.entered_by = actor.account_id if report.source in TAKEN_DOWN else None
    case.photo_count = len(photos)
    set_clock(case, catalogue.get_settings(), now)
    # As late as can be: until the commit, the community's next number waits for this one.
    case.number = next_case_number(report.where, now)
    rows.insert(case)
    keep_photos(case, photos, stage=PhotoStage.REPORT, actor=actor, now=now)
    events.record(
        CaseReported(
            **facts_of(case, old_state=""),
            source=case.source,
            respond_due_at=case.respond_due_at,
            resolve_due_at=case.resolve_due_at,
        ),
        actor=actor,
        at=now,
    )
    dispatch_by_itself(case, where=report.where, now=now)
    return case


def new_case(case_id: UUID, report: Report, category: Category, now: datetime) -> Case:
    """Return the row of a new case, its promises counted from `now`; the caller saves it."""
    where, level = report.where, category.service_level
    respond_due_at, resolve_due_at = due_times_of(level, now)
    return Case(
        id=case_id,
        state=CaseState.REPORTED,
        category=category,
        title=rules.title_of(report.text),
        text=report.text.strip(),
        source=report.source,
        is_urgent=report.is_urgent or category.is_urgent,
        is_confidential=category.is_confidential,
        community_id=where.community_id,
        grid_id=where.grid_id,
        area_path=where.area_path,
        estate_id=where.estate_id,
        building_id=where.building_id,
        entrance_id=where.entrance_id,
        place_label=where.label,
        spot=report.spot.strip(),
        lat=where.lat,
        lon=where.lon,
        reported_at=report.received_at or now,
        clock_started_at=now,
        level=category.first_level,
        service_level=level,
        respond_due_at=respond_due_at,
        resolve_due_at=resolve_due_at,
        lateness=Lateness.IN_TIME,
        answers=[{"text": text, "answer": answer} for text, answer in report.answers if answer],
    )


def due_times_of(level: ServiceLevel, start: datetime) -> tuple[datetime, datetime]:
    """Return by when a service level promises an answer and a solution, without the words."""
    days = calendar.load()
    return (
        due_at(start, Limit(level.respond_amount, Unit(level.respond_unit)), days),
        due_at(start, Limit(level.resolve_amount, Unit(level.resolve_unit)), days),
    )


def promises_of(level: ServiceLevel, start: datetime) -> Promises:
    """Return by when a service level promises an answer and a solution, with the working in
    words.
    """
    return rules.promises(
        start,
        respond=Limit(level.respond_amount, Unit(level.respond_unit)),
        resolve=Limit(level.resolve_amount, Unit(level.resolve_unit)),
        calendar=calendar.load(),
    )


def next_case_number(where: Where, now: datetime) -> str:
    """Return the next number of a community's month, inside the transaction that uses it."""
    local = clock.local(now)
    count = numbers.next_number(f"case:{where.initials}:{local:%y%m}")
    return rules.case_number(where.initials, local, count)
