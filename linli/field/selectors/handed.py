"""What was handed in, as its maker and the desk see it: what came of it, what people have to decide."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.field.models import Device, Submission, SubmissionState, Upload
from linli.field.selectors.reading import shown
from linli.kernel.actor import Actor
from linli.kernel.errors import NotAllowed, NotFound

DUTY: Final = "field.quarantine"
# How far back somebody looks at what they handed in.
MINE_FOR: Final = timedelta(days=14)
MOST_MINE: Final = 50
MOST_WAITING: Final = 50
_WAITING: Final = (SubmissionState.CONFLICT, SubmissionState.QUARANTINED)


def my_submissions(actor: Actor, now: datetime) -> list[Submission]:
    """Return what the actor handed in lately, newest first."""
    rows = Submission.objects.filter(account_id=actor.account_id)
    return list(rows.filter(received_at__gt=now - MINE_FOR).order_by("-received_at")[:MOST_MINE])


def my_conflicts(actor: Actor) -> int:
    """Return how many of the actor's records wait for them to decide."""
    rows = Submission.objects.filter(account_id=actor.account_id, state=SubmissionState.CONFLICT)
    return rows.count()


def my_devices(actor: Actor) -> list[Device]:
    """Return the actor's phones, lately used first."""
    rows = Device.objects.filter(account_id=actor.account_id, ended_at=None)
    return list(rows.order_by("-seen_at")[:20])


def get_mine(submission_id: UUID, actor: Actor) -> Submission:
    """Return something that the actor handed in, by its row or the phone's id. Errors: NotFound."""
    rows = Submission.objects.filter(Q(pk=submission_id) | Q(sent_id=submission_id))
    return _only(rows.filter(account_id=actor.account_id))


def waiting(actor: Actor, state: str) -> list[Submission]:
    """Return what waits for the desk to decide, oldest first: kept apart, or conflicting."""
    rows = _of_desk(actor).filter(state=state)
    found = rows.select_related("device").order_by("received_at", "id")[:MOST_WAITING]
    return [shown(one, actor) for one in found]


def waiting_count(actor: Actor) -> int:
    """Return how many submissions wait for the desk."""
    return _of_desk(actor).count() if actor.scopes(DUTY) else 0


def get_waiting(submission_id: UUID, actor: Actor, *, lock: bool = False) -> Submission:
    """Return a submission that waits for the desk, or was decided, by its row; what it says is closed
    (`is_open`) to whoever has not the duty of its kind. Errors: NotAllowed, NotFound.
    """
    actor.require(DUTY)
    rows = Submission.objects.select_for_update() if lock else Submission.objects.all()
    looked_at = Q(state__in=_WAITING) | Q(decided_by__isnull=False)
    return shown(_only(rows.filter(looked_at, pk=submission_id).filter(_below(actor))), actor)


def require_open(submission: Submission) -> None:
    """Refuse who decides over what they may not read. Errors: NotAllowed."""
    if not submission.is_open:
        raise NotAllowed(_("没有找到这条记录。"))


def get_conflict(submission_id: UUID, actor: Actor, *, lock: bool = False) -> Submission:
    """Return a conflicting submission that the actor made or looks after. Errors: NotFound."""
    rows = Submission.objects.select_for_update() if lock else Submission.objects.all()
    theirs = Q(account_id=actor.account_id)
    if actor.scopes(DUTY):
        theirs |= _below(actor)
    found = _only(rows.filter(theirs, pk=submission_id))
    if found.account_id != actor.account_id:
        require_open(shown(found, actor))
    return found


def photos_of(submission: Submission) -> list[tuple[str, Upload]]:
    """Return the photos of a submission, each with the item that it answers."""
    ids = [upload_id for _code, upload_id in submission.photos]
    found = {str(one.upload_id): one for one in Upload.objects.filter(upload_id__in=ids)}
    return [(code, found[one]) for code, one in submission.photos if one in found]


def _of_desk(actor: Actor) -> QuerySet[Submission]:
    return Submission.objects.filter(state__in=_WAITING).filter(_below(actor))


def _below(actor: Actor) -> Q:
    scopes = actor.scopes(DUTY)
    found = Q(pk__in=())
    for scope in scopes:
        found |= Q(area_path__startswith=scope) if scope else Q()
    return Q() if "" in scopes else found


def _only(rows: QuerySet[Submission]) -> Submission:
    found = next(iter(rows[:1]), None)
    if found is None:
        raise NotFound(_("没有找到这条记录。"))
    return found
