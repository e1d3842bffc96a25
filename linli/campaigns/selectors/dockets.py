"""The three lists as pages and paper show them; an agenda from what is late, comes back or displeased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.campaigns.models import Docket, DocketKind, Listing, Matter, MatterPhoto, Stage
from linli.campaigns.selectors.access import MANAGE, VIEW
from linli.campaigns.states import MatterState
from linli.cases.selectors import queue as queues
from linli.cases.selectors.conditions import Question
from linli.kernel import clock, masking, secrets
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people

LINK = "matter link"
MOST = 100
KINDS = DocketKind.choices
MATTER_STATES = MatterState.choices


def series_key_of(docket: Docket) -> str:
    """Return what ties the meetings of one series together."""
    return f"{docket.community_id.hex[-12:]}:{docket.series}"[:60]


def visible_to(actor: Actor) -> Q:
    """Return the condition for dockets that the actor may see."""
    where = Q(pk__in=[])
    for path in {*actor.scopes(VIEW), *actor.scopes(MANAGE)}:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return where


def own_matters(actor: Actor) -> Q:
    """Return the condition for matters that the actor answers for, or raised."""
    where = Q(post_id__in=actor.post_ids) | Q(organisation_id__in=actor.organisation_ids)
    return where | Q(raised_by=actor.account_id) if actor.account_id else where


def get_docket(docket_id: UUID, actor: Actor, *, lock: bool = False) -> Docket:
    """Return a docket that the actor may see. Errors: NotFound."""
    rows = Docket.objects.filter(visible_to(actor), pk=docket_id)
    rows = rows.select_related("community", "campaign")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(_("没有找到这份清单，或者您的岗位看不到它。"))
    return found


def get_matter(matter_id: UUID, actor: Actor, *, lock: bool = False) -> Matter:
    """Return a matter of a docket that the actor sees, or that is theirs. Errors: NotFound."""
    rows = Matter.objects.filter(visible_to(actor) | own_matters(actor), pk=matter_id)
    rows = rows.select_related("docket", "community", "organisation", "post", "entry")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(_("没有找到这一条，或者您的岗位看不到它。"))
    return found


def get_matter_by_token(token: str, *, lock: bool = False) -> Matter:
    """Return the matter of a secret link; the tenant named in it is set.

    Only of somebody who is known by name alone: whoever has an account, or a case, gives their word
    there, and nobody else for them. Errors: NotFound.
    """
    read = secrets.read_token(token, kind=LINK)
    rows = Matter.objects.filter(pk=read.case_id).select_related("docket", "community")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or found.link_version != read.version or not found.raised_name:
        raise NotFound(_("这个链接已经停用，请联系社区。"))
    return found


def photos_of(matter: Matter) -> list[MatterPhoto]:
    """Return the photos of a matter: how it was first, then how it is, the oldest first."""
    return sorted(matter.photos.order_by("id"), key=lambda one: one.stage != Stage.BEFORE)


def get_photo(matter: Matter, photo_id: UUID) -> MatterPhoto:
    """Return a photo of a matter that was checked before. Errors: NotFound."""
    found = MatterPhoto.objects.filter(pk=photo_id, matter=matter).first()
    if found is None:
        raise NotFound(_("没有找到这张照片。"))
    return found


def token_of(matter: Matter, tenant_code: str) -> str:
    """Return the secret part of the link that lets who raised a matter say their word."""
    return secrets.case_token(tenant_code, matter.pk, matter.link_version, kind=LINK)


def dockets(actor: Actor) -> list[Docket]:
    """Return the dockets that the actor may see, newest first, with how many of each are open."""
    rows = Docket.objects.filter(visible_to(actor)).select_related("community")
    rows = rows.annotate(
        total=Count("listings"),
        open=Count("listings", filter=~Q(listings__matter__state=MatterState.CLOSED)),
    )
    return list(rows.order_by("-held_on", "-id")[:MOST])


def overdue_count(actor: Actor, today: date) -> int:
    """Return how many matters that the actor looks after are late."""
    rows = Matter.objects.filter(visible_to(actor), due_on__lt=today)
    return rows.exclude(state=MatterState.CLOSED).count()


def series_names(community_ids: Iterable[UUID]) -> list[str]:
    """Return the names of meetings and inspections so far."""
    rows = Docket.objects.filter(community_id__in=list(community_ids), campaign=None)
    return sorted(set(rows.values_list("series", flat=True)))


def last_of(community_id: UUID, series: str) -> Docket | None:
    """Return the latest docket of a series, or None."""
    rows = Docket.objects.filter(community_id=community_id, series=series)
    return rows.order_by("-held_on").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """A matter as a row: everything in words."""

    number: int
    matter: Matter
    raiser: str
    hands: str
    is_carried: bool
    is_late: bool
    word_words: str


def lines_of(docket: Docket, now: datetime) -> list[MatterLine]:
    """Return the rows of a docket in their order; three queries whatever their number."""
    rows = Listing.objects.filter(docket=docket).select_related(
        "matter__organisation", "matter__post", "matter__docket", "matter__entry"
    )
    found = list(rows.order_by("number"))
    return _lines([(row.number, row.matter, row.is_carried) for row in found], now)


def line_of(matter: Matter, now: datetime) -> MatterLine:
    """Return one matter as a row."""
    return _lines([(1, matter, False)], now)[0]


def _lines(rows: list[tuple[int, Matter, bool]], now: datetime) -> list[MatterLine]:
    ids = {one for _n, row, _c in rows for one in (row.raised_by, row.written_by, row.checked_by)}
    names, today = people.account_names(ids), clock.local(now).date()
    return [
        MatterLine(
            number=number,
            matter=matter,
            raiser=_raiser(matter, names),
            hands=_hands(matter),
            is_carried=is_carried,
            is_late=is_late(matter, today),
            word_words=_word(matter, names),
        )
        for number, matter, is_carried in rows
    ]


def is_late(matter: Matter, today: date) -> bool:
    """Tell whether a matter is open past its day."""
    is_open = matter.state != MatterState.CLOSED
    return is_open and matter.due_on is not None and matter.due_on < today


def masked(name: str) -> str:
    """Return who somebody is without the name: what stands before a blank is an office, 业主代表 王**."""
    office, _blank, own = name.strip().rpartition(" ")
    return f"{office} {masking.mask_name(own)}".strip()


def _raiser(matter: Matter, names: dict[UUID, str]) -> str:
    if matter.raised_by is not None:
        return names.get(matter.raised_by, _("工作人员"))
    if matter.raised_name:
        return masked(matter.raised_name)
    return _("反映人") if matter.case_id else _("社区")


def _hands(matter: Matter) -> str:
    if matter.organisation is not None:
        return matter.organisation.name
    return matter.post.name if matter.post is not None else ""


def _word(matter: Matter, names: dict[UUID, str]) -> str:
    if not matter.word_by:
        return ""
    if matter.word_by != "written":
        return str(matter.get_word_by_display())
    said = masked(matter.word_name)
    writer = names.get(matter.written_by, "") if matter.written_by else ""
    if matter.checked_by is None:
        return _("%(said)s说的，%(writer)s代记，等另一人复核") % {"said": said, "writer": writer}
    checker = names.get(matter.checked_by, "")
    words = _("%(said)s说的，%(writer)s代记，%(checker)s复核")
    return words % {"said": said, "writer": writer, "checker": checker}


def counts_of(docket: Docket) -> dict[str, int]:
    """Return how many matters of a docket stand in each state."""
    rows = Listing.objects.filter(docket=docket).order_by().values_list("matter__state")
    found = dict(rows.annotate(n=Count("id")))
    return {value: found.get(value, 0) for value, _label in MATTER_STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaGroup:
    """Cases that a meeting might want to look at, and why."""

    label: str
    cases: list[Any]


def agenda(docket: Docket, actor: Actor, now: datetime) -> list[AgendaGroup]:
    """Return what is late, was reopened or is supervised, without what is on the list already.

    Source: beyond.md 16, the agenda makes itself.
    """
    keys = docket.listings.values_list("matter__key", flat=True)
    taken = {UUID(key[5:]) for key in keys if key.startswith("case:")}
    found, seen = [], set(taken)
    for label, facts in (
        (_("超时没办好"), {"due": "late"}),
        (_("反复、不满意，重办的"), {"mark": "reopened"}),
        (_("督办的"), {"mark": "supervised"}),
    ):
        question = Question(community_id=docket.community_id, **facts)  # type: ignore[arg-type]
        rows = queues.cases_of(queues.queue(question, actor, now))
        fresh = [one for one in rows if one.pk not in seen and not one.is_confidential]
        seen |= {one.pk for one in fresh}
        if fresh:
            found.append(AgendaGroup(label=label, cases=fresh[:20]))
    return found


def of_case(case_id: UUID) -> QuerySet[Matter]:
    """Return the matters that a case stands behind."""
    return Matter.objects.filter(case_id=case_id).select_related("docket")


def mine(actor: Actor, now: datetime) -> list[MatterLine]:
    """Return the open matters that the actor answers for, and those that wait for their word."""
    hands = Q(post_id__in=actor.post_ids) | Q(organisation_id__in=actor.organisation_ids)
    where = hands & Q(state=MatterState.OPEN)
    if actor.account_id:
        where |= Q(raised_by=actor.account_id, state=MatterState.SHOWN)
    rows = Matter.objects.filter(where).select_related("organisation", "post", "docket", "entry")
    found = rows.order_by("due_on", "id")[:MOST]
    return _lines([(number, row, False) for number, row in enumerate(found, 1)], now)


def of_post(post_id: UUID, account_id: UUID) -> list[Matter]:
    """Return what a post answers for and what waits for its holder's word, oldest promise first."""
    where = Q(post_id=post_id) | Q(raised_by=account_id)
    rows = Matter.objects.filter(where).exclude(state=MatterState.CLOSED)
    return list(rows.select_related("docket").order_by("due_on", "id"))
