"""The reporter's word: add, urge, withdraw, rate. The secret link is the permission."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import rules, selectors
from linli.cases.events import (
    CaseAdded,
    CaseClosed,
    CaseLeft,
    CaseReopened,
    CaseUrged,
    CaseWithdrawn,
)
from linli.cases.models import Case, EndReason, Entry, EntryKind, PhotoStage
from linli.cases.rules import TEXT_LIMIT
from linli.cases.services._ground import (
    GOING_ON,
    PROMISED,
    Step,
    end_assignment,
    go_on,
    kept_promises,
    reset_promises,
)
from linli.cases.services.assigning import put_into_hands, route_upwards
from linli.cases.services.intake import PHOTO_LIMIT
from linli.cases.services.merging import let_go
from linli.cases.services.photos import Photos, discard_files, keep_photos, stores_photos
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.worktime import human_moment

COMMENT_LIMIT = 500
_AGAIN = timedelta(minutes=10)
_SCORES = (rules.DISSATISFIED, rules.SO_SO, rules.SATISFIED)


@stores_photos("photos")
@transaction.atomic
def add_to_case(
    *,
    token: str,
    text: str,
    actor: Actor,
    now: datetime,
    photos: Photos = (),
) -> Case:
    """Add words or photos to one's own report while it is open.

    Errors: NotFound, BadInput (nothing, too long, too many photos), DomainError (it has ended).
    """
    step = _begin(token, actor, now)
    case = step.case
    check_addition(case, text, photos)
    if is_repeated(step, text, photos):
        discard_files(photos)
        return case
    entry = step.write(EntryKind.ADDITION, text or _("补充了照片。"))
    keep_photos(
        case,
        photos,
        stage=PhotoStage.ADDITION,
        actor=actor,
        now=now,
        entry_id=entry.pk if entry else None,
    )
    case.photo_count += len(photos)
    step.save("photo_count")
    step.record(CaseAdded, entry=entry)
    return case


def _begin(token: str, actor: Actor, now: datetime) -> Step:
    """Lock the case of its reporter's link; whoever withdrew while others wait has left.

    Errors: NotFound, DomainError.
    """
    case = selectors.get_by_token(token, lock=True)
    if case.reporter_left_at is not None:
        raise DomainError(_("您已经撤回。还有邻居在等，这件事照常办，由他们接着跟。"))
    return Step.begin(case, actor, now)


def check_addition(case: Case, text: str, photos: Photos) -> None:
    """Refuse what can't be added. Errors: BadInput, DomainError."""
    if not case.is_open:
        raise DomainError(_("这件事已经有结果了，不能再补充；如果没有解决，请在评价里告诉我们。"))
    if not text.strip() and not photos:
        raise BadInput(_("请写几个字，或者选一张照片。"), field="text")
    if len(text.strip()) > TEXT_LIMIT:
        raise BadInput(
            _("写得太长了，最多 %(most)s 字。") % {"most": f"{TEXT_LIMIT:,}"}, field="text"
        )
    if len(photos) > PHOTO_LIMIT:
        raise BadInput(_("一次最多 %(most)s 张照片。") % {"most": PHOTO_LIMIT}, field="photos")


def is_repeated(step: Step, text: str, photos: Photos) -> bool:
    """Tell whether the same was added just now: the form sent twice, or again after a lost answer."""
    rows = step.case.entries.filter(kind=EntryKind.ADDITION, created_at__gt=step.now - _AGAIN)
    last = rows.order_by("-id").first()
    if last is None or last.text != (text.strip() or _("补充了照片。")):
        return False
    kept = set(last.photos.values_list("sha256", flat=True))
    return kept == {photo.sha256 for photo in photos}


@transaction.atomic
def urge_case(*, token: str, text: str = "", actor: Actor, now: datetime) -> Case:
    """Ask when; handler and desk are told. Not more often than the tenant's pause allows.

    Errors: NotFound, DomainError (not open; too soon, saying when it is possible again).
    Source: glossary 催办.
    """
    step = _begin(token, actor, now)
    case = step.case
    check_urge(step)
    entry = step.write(EntryKind.URGE, text[:TEXT_LIMIT])
    case.urge_count, case.urged_at = case.urge_count + 1, now
    step.save("urge_count", "urged_at")
    step.record(CaseUrged, entry=entry)
    return case


def check_urge(step: Step) -> None:
    """Refuse to urge too often, or where there is nothing to urge. Errors: DomainError."""
    case, now = step.case, step.now
    if not case.is_open:
        raise DomainError(_("这件事已经有结果了，不用再催。"))
    pause = timedelta(hours=step.settings.urge_pause_hours)
    if case.urged_at and now < case.urged_at + pause:
        raise DomainError(
            _("已经帮您催过了。%(when)s 以后如果还没有进展，可以再催一次。")
            % {"when": human_moment(case.urged_at + pause, now)}
        )


@transaction.atomic
def withdraw_case(*, token: str, text: str = "", actor: Actor, now: datetime) -> Case:
    """Take one's own report back while it is open; whoever has it in hand is told.

    Where others follow, only the reporter leaves: the case goes on for them (docs/adr/0010).
    Errors: NotFound, IllegalMove, DomainError (they left before).
    """
    step = _begin(token, actor, now)
    others = step.case.followers.filter(left_at=None, merged_case=None).count()
    if others and step.case.is_open:
        let_go(step.case, actor, now)
        entry = step.write(EntryKind.WITHDRAW, text[:TEXT_LIMIT])
        step.case.reporter_left_at = now
        step.save("reporter_left_at")
        step.record(CaseLeft, entry=entry, is_reporter=True, followers=others)
    else:
        withdraw(step, text)
    return step.case


def withdraw(step: Step, text: str) -> None:
    """End a case for which nobody waits any more. Errors: IllegalMove."""
    go_on(step.case, step.now)
    step.move(CaseState.WITHDRAWN)
    entry = step.write(EntryKind.WITHDRAW, text[:TEXT_LIMIT])
    end_assignment(step.case, reason=EndReason.CLOSED, at=step.now)
    let_go(step.case, step.actor, step.now)
    step.set_clock()
    step.save(*GOING_ON)
    step.record(CaseWithdrawn, entry=entry)


@transaction.atomic
def rate_case(
    *, token: str, is_solved: bool, satisfaction: int, comment: str, actor: Actor, now: datetime
) -> Case:
    """Take the reporter's two answers. Solved and content: closed. Otherwise reopened, one level
    up.

    satisfaction: 3 satisfied, 2 so-so, 1 dissatisfied.
    A case closed by silence may still be rated within the tenant's window.
    Errors: NotFound, BadInput, DomainError (not resolved, rated already, window over).
    Source: S5 5.10; house.md 4, solved and satisfied are two questions.
    """
    step = _begin(token, actor, now)
    check_answers(step, satisfaction, comment)
    take_answers(step, is_solved=is_solved, satisfaction=satisfaction, comment=comment)
    return step.case


def take_answers(step: Step, *, is_solved: bool, satisfaction: int, comment: str) -> None:
    """Close the case by the answers, or send it back up; they were checked before."""
    case = step.case
    case.is_solved, case.satisfaction = is_solved, satisfaction
    case.rating_comment, case.rated_at = comment.strip(), step.now
    if rules.reopens(is_solved=is_solved, satisfaction=satisfaction):
        _reopen(step)
    else:
        _close(step, is_rated=True)


def check_answers(
    step: Step, satisfaction: int, comment: str, *, is_followers: bool = False
) -> None:
    """Refuse answers that can't be taken now. Errors: BadInput, DomainError.

    is_followers: they stand beside the reporter's, who may have closed the case already.
    """
    case = step.case
    if satisfaction not in _SCORES:
        raise BadInput(_("请选一个：满意、一般、不满意。"), field="satisfaction")
    if len(comment.strip()) > COMMENT_LIMIT:
        raise BadInput(
            _("写得太长了，最多 %(most)s 字。") % {"most": COMMENT_LIMIT}, field="comment"
        )
    is_ratable = case.state == CaseState.RESOLVED or (
        case.state == CaseState.CLOSED and (case.is_closed_by_silence or is_followers)
    )
    if not is_ratable:
        is_rated = case.state == CaseState.CLOSED
        raise DomainError(
            _("您已经评价过了，谢谢。") if is_rated else _("还没有办完，办完后再请您评价。")
        )
    if case.closed_at and _is_past(case.closed_at, step.settings.reopen_days, step.now):
        raise DomainError(_("办结已经很久了，不能再评价。如果问题又出现了，请重新上报。"))


def _is_past(moment: datetime, days: int, now: datetime) -> bool:
    return now > moment + timedelta(days=days)


_RATING = ("is_solved", "satisfaction", "rating_comment", "rated_at")
_HANDS = ("handler_post", "handler_organisation", "handler_account", "handler_reason")


def _close(step: Step, *, is_rated: bool) -> None:
    case = step.case
    if case.state != CaseState.CLOSED:
        step.move(CaseState.CLOSED)
        case.closed_at = step.now
    case.is_closed_by_silence = not is_rated
    step.set_clock()
    step.save("closed_at", "is_closed_by_silence", *_RATING)
    step.record(
        CaseClosed,
        is_rated=is_rated,
        is_solved=case.is_solved,
        satisfaction=case.satisfaction,
        **kept_promises(case),
    )


def close_by_silence(step: Step) -> None:
    """Close a resolved case whose reporter said nothing for the tenant's number of days: unrated.

    Source: house.md 4, confirmed by silence after N days: closed, counted as unrated.
    """
    _close(step, is_rated=False)


def _reopen(step: Step) -> None:
    case = step.case
    words = case.rating_comment or _("反映人表示没有解决或不满意。")
    reopen(step, words, is_solved=case.is_solved, satisfaction=case.satisfaction)


def reopen(
    step: Step, words: str, *, is_solved: bool | None = None, satisfaction: int | None = None
) -> None:
    """Send the case one level up, into the hands of a person, with a fresh promise."""
    case = step.case
    entry: Entry | None = step.write(EntryKind.REOPEN, words)
    case.reopen_count += 1
    case.closed_at, case.resolved_at, case.is_closed_by_silence = None, None, False
    reset_promises(case, step.now)
    route = route_upwards(case, step.now)
    step.move(CaseState.ACCEPTED)
    if route is None:
        case.handler_post = case.handler_organisation = case.handler_account = None
        case.handler_reason = ""
    else:
        case.level = route.level
    step.set_clock()
    step.save(
        *_RATING,
        "reopen_count",
        "closed_at",
        "resolved_at",
        "is_closed_by_silence",
        *PROMISED,
        "level",
        *_HANDS,
    )
    step.record(
        CaseReopened, entry=entry, level=case.level, is_solved=is_solved, satisfaction=satisfaction
    )
    if route is not None:
        put_into_hands(step, route, is_automatic=True, end_reason=EndReason.ESCALATED)
