"""What somebody who follows a case may read: how it goes and what came of it, and their own words;
nothing that its reporter wrote or showed.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.models import Audience, Case, Entry, EntryKind, Follower, Photo
from linli.cases.selectors import progress
from linli.cases.selectors.catalogue import get_settings
from linli.cases.selectors.progress import Progress
from linli.cases.selectors.reading import Line
from linli.cases.selectors.words import FOR_FOLLOWER
from linli.cases.states import CaseState
from linli.kernel import events
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow
from linli.people import selectors as people
from linli.posts import selectors as posts

# Words of staff that are meant for everybody: what was done, why it waits, why not.
PUBLIC_KINDS = (EntryKind.RESULT, EntryKind.SUSPEND, EntryKind.EXTEND, EntryKind.DECLINE)


def number_of(follower: Follower) -> str:
    """Return what a follower says on the phone: DC26111042-2."""
    number = follower.case.number
    return f"{number}-{follower.order}" if follower.order else number


def find_by_number(number: str, phone_tail: str) -> Follower | None:
    """Return whoever follows under that number with a phone that ends so, or None."""
    case_number, _sep, order = number.strip().upper().partition("-")
    if not order.isascii() or not order.isdigit() or not phone_tail:
        return None
    rows = Follower.objects.filter(case__number=case_number, order=int(order), left_at=None)
    return rows.filter(contact__phone_tail=phone_tail).order_by("pk").first()


def progress_of(follower: Follower, now: datetime) -> Progress:
    """Return the hero of a follower's page, in a neighbour's words."""
    case = follower.case
    said = progress.progress_of(case, now)
    about = _("您也遇到的“%(title)s”") % {"title": case.category.name}
    status, sentence = _SAYINGS.get(CaseState(case.state), (said.status, said.sentence))
    if case.state == CaseState.CLOSED and has_answered(follower):
        sentence = _("您的评价已经记下。")
    if case.reporter_left_at and case.is_open:
        sentence = f"{sentence}{_('最早上报的邻居不再跟了，这件事照常办。')}"
    return replace(said, about=about, status=str(status), sentence=str(sentence))


_SAYINGS = {
    CaseState.RESOLVED: (
        gettext_lazy("已办好"),
        gettext_lazy("承办人说已经办好了。您看解决了吗？也请您说一声。"),
    ),
    CaseState.CLOSED: (gettext_lazy("已办结"), gettext_lazy("这件事办完了，谢谢您也来告诉我们。")),
    CaseState.WITHDRAWN: (gettext_lazy("不再办了"), gettext_lazy("上报和跟进的人都撤回了。")),
}


def has_answered(who: Follower | Case) -> bool:
    """Tell whether a follower, or for a case its reporter, has answered since it was resolved.

    What was done again is asked again.
    """
    case = who.case if isinstance(who, Follower) else who
    return who.rated_at is not None and not (case.resolved_at and who.rated_at < case.resolved_at)


def can_rate(follower: Follower, now: datetime) -> bool:
    """Tell whether a follower may give their answer now."""
    case = follower.case
    if has_answered(follower):
        return False
    if case.state == CaseState.RESOLVED:
        return True
    limit = timedelta(days=get_settings().reopen_days)
    is_closed = case.state == CaseState.CLOSED and case.closed_at is not None
    return is_closed and now <= (case.closed_at or now) + limit


def timeline(follower: Follower) -> list[Line]:
    """Return the steps of the case from the day the follower came, newest first."""
    case = follower.case
    rows = [row for row in events.timeline(case.pk) if row.name in FOR_FOLLOWER]
    entries = {str(one.pk): one for one in _readable(follower)}
    names = people.account_names({row.account_id for row in rows if row.account_id})
    hands = _hands(rows)
    lines = []
    for row in rows:
        entry = entries.get(row.data.get("entry_id") or "")
        if row.name == "cases.case.added" and entry is None:
            continue  # somebody else's words
        lines.append(
            Line(
                at=row.happened_at,
                title=str(FOR_FOLLOWER[row.name])
                % {
                    "who": (row.account_id and names.get(row.account_id)) or _("工作人员"),
                    "hands": hands.get(row.data.get("post_id") or row.data.get("organisation_id"))
                    or _("承办人"),
                },
                text=entry.text if entry else "",
                photos=tuple(entry.photos.all()) if entry else (),
                event_name=row.name,
            )
        )
    return list(reversed(lines))


def _hands(rows: list[EventRow]) -> dict[str | None, str]:
    post_ids = {UUID(row.data["post_id"]) for row in rows if row.data.get("post_id")}
    ids = {UUID(row.data["organisation_id"]) for row in rows if row.data.get("organisation_id")}
    found = {**posts.post_names(post_ids), **posts.organisation_names(ids)}
    return {str(key): name for key, name in found.items()}


def _readable(follower: Follower) -> list[Entry]:
    public = Q(kind__in=PUBLIC_KINDS, audience=Audience.REPORTER)
    rows = Entry.objects.filter(public | Q(follower=follower), case=follower.case)
    return list(rows.prefetch_related("photos"))


def get_photo_of(follower: Follower, photo_id: UUID) -> Photo:
    """Return a photo that the follower may see: of the result, or their own. Errors: NotFound."""
    rows = Photo.objects.filter(pk=photo_id, case=follower.case).select_related("entry")
    photo = rows.order_by("pk").first()
    entry = photo.entry if photo else None
    is_public = entry is not None and entry.kind in PUBLIC_KINDS
    is_own = entry is not None and entry.follower_id == follower.pk
    if photo is None or not (is_public or is_own):
        raise NotFound(_("没有找到这张照片。"))
    return photo


def answers_of(case: Case) -> tuple[int, int, int]:
    """Return how many followers answered, said solved, and are satisfied."""
    if not case.follower_count:
        return (0, 0, 0)
    rows = case.followers.filter(rated_at__isnull=False).values_list("is_solved", "satisfaction")
    found = list(rows)
    return (len(found), sum(bool(row[0]) for row in found), sum(row[1] == 3 for row in found))
