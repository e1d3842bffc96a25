"""What somebody may do with a case next: from its state, whose hands it is in, and the actor's duties."""

from linli.cases.models import Case
from linli.cases.selectors.arbitrations import clauses
from linli.cases.states import OPEN, CaseState
from linli.kernel.actor import Actor

S = CaseState
_BEFORE_HAND = (S.REPORTED, S.ACCEPTED, S.ASSIGNED)
_AT_WORK = (S.ACCEPTED, S.ASSIGNED, S.IN_HAND)
# What has come to an end, and counts in the rates.
COUNTED = (S.RESOLVED, S.CLOSED, S.DECLINED)
# Which states offer what, in the order of the page. The services decide; this only spares people
# buttons that would refuse.
STATES: dict[str, tuple[CaseState, ...]] = {
    "take": (S.ASSIGNED,),
    "accept": (S.REPORTED, S.DECLINED),
    "assign": (S.REPORTED, S.ACCEPTED, S.ASSIGNED, S.IN_HAND),
    "arbitrate": (S.ACCEPTED,),
    "progress": (S.IN_HAND, S.ASSIGNED),
    "resolve": (*_AT_WORK, S.REPORTED, S.SUSPENDED),
    "return": (S.ASSIGNED, S.IN_HAND),
    "suspend": _AT_WORK,
    "decide": _AT_WORK,
    "extend": _AT_WORK,
    "decide-extension": _AT_WORK,
    "resume": (S.SUSPENDED,),
    "answer": (*OPEN, S.RESOLVED, S.DECLINED),
    "note": tuple(S),
    "escalate": _AT_WORK,
    "refer": (S.REPORTED, *_AT_WORK),
    "supervise": (*OPEN, S.RESOLVED),
    "correct": OPEN,
    "merge": (S.REPORTED, S.ACCEPTED, S.ASSIGNED, S.IN_HAND),
    "unmerge": (S.MERGED,),
    "decline": (S.REPORTED, S.ACCEPTED),
    "review": (S.DECLINED,),
    "revoke": tuple(S),
    "exclude": COUNTED,
    "decide-exclusion": COUNTED,
    "include": COUNTED,
}
_OF_HANDS = {
    "take", "progress", "resolve", "return", "suspend", "extend", "resume", "answer", "escalate",
}  # fmt: skip
_DUTIES = {
    "decide": "cases.approve",
    "decide-extension": "cases.approve",
    "decide-exclusion": "cases.approve",
    "include": "cases.approve",
    "supervise": "cases.supervise",
    "arbitrate": "cases.arbitrate",
}


def is_in_hands(case: Case, actor: Actor) -> bool:
    """Tell whether a case is in the hands of the actor's post or organisation."""
    return (
        case.handler_post_id in actor.post_ids
        or case.handler_organisation_id in actor.organisation_ids
    )


def offers(
    case: Case, actor: Actor, *, is_suspension_asked: bool = False, exclusion: str = ""
) -> list[str]:
    """Return what the actor may do with the case now, in the order of the page.

    exclusion: where leaving it out of the official rates stands: "", asked, approved.
    """
    return [
        name
        for name, states in STATES.items()
        if case.state in states
        and _may(name, case, actor)
        and _fits(name, case, is_suspension_asked=is_suspension_asked)
        and _EXCLUSION.get(name, exclusion) == exclusion
    ]


# Which of these is next, by where leaving the case out stands.
_EXCLUSION = {"exclude": "", "decide-exclusion": "asked", "include": "approved"}


def _fits(name: str, case: Case, *, is_suspension_asked: bool) -> bool:
    """Tell whether what waits for a decision leaves room for this; one request waits at a time."""
    is_extension_asked = case.extension_asked_at is not None
    if name == "decide":
        return is_suspension_asked
    if name == "decide-extension":
        return is_extension_asked
    if name in ("suspend", "extend"):
        return not is_suspension_asked and not is_extension_asked
    if name == "refer":
        return not case.is_in_arbitration and bool(clauses())
    return name != "arbitrate" or case.is_in_arbitration


def _may(name: str, case: Case, actor: Actor) -> bool:
    if name == "note":
        return True
    if name == "take":
        return is_in_hands(case, actor)
    if name == "exclude" and actor.can("cases.follow_up", case.area_path):
        return True
    if name in _OF_HANDS and is_in_hands(case, actor):
        return True
    return actor.can(_DUTIES.get(name, "cases.dispatch"), case.area_path)


def may_print_receipt(case: Case, actor: Actor) -> bool:
    """Tell whether the actor may print the reporter's receipt, as the desk does for a caller.

    It holds the reporter's secret link: whoever has the case in hand must not be able to rate it.
    """
    took_it = case.handler_account_id is not None and case.handler_account_id == actor.account_id
    if took_it or is_in_hands(case, actor) or case.state == S.RESOLVED:
        return False
    return actor.can("cases.dispatch", case.area_path)
