"""Which duty reads what a kind of submission says, beside the duty to look at what waits."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from linli.field.models import Submission, SubmissionState
from linli.kernel.actor import Actor

_LOOKED_AT: Final = (
    SubmissionState.CONFLICT,
    SubmissionState.QUARANTINED,
    SubmissionState.DISCARDED,  # it stays to be read
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind is called, and which duty reads it."""

    label: Any
    duty: str = ""


_KINDS: Final[dict[str, Kind]] = {}
_STRANGE: Final = Kind(_("手机上的记录"))


def register(kind: str, label: Any, duty: str) -> None:
    """Note what a kind is called and which duty reads it."""
    _KINDS[kind] = Kind(label, duty)


def shown(submission: Submission, actor: Actor) -> Submission:
    """Return a submission as the actor may see it: what it says is open to whoever may read its kind
    there, as long as people decide over it, and to whoever decided.
    """
    kind = _KINDS.get(submission.kind, _STRANGE)
    is_theirs = submission.decided_by is not None and submission.decided_by == actor.account_id
    submission.is_open = (submission.state in _LOOKED_AT or is_theirs) and (
        not kind.duty or actor.can(kind.duty, submission.area_path)
    )
    submission.kind_label = str(kind.label)
    return submission
