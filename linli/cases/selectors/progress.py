"""What the reporter is told at a glance: the status sentence, the four steps, who has it in hand.

First the result, then the next step, then when (docs: ui.md 2.6). Lateness is said as it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.models import Case, Lateness
from linli.cases.selectors.catalogue import get_settings
from linli.cases.states import CaseState
from linli.kernel.worktime import human_moment

S = CaseState
SATISFACTION = {3: gettext_lazy("满意"), 2: gettext_lazy("一般"), 1: gettext_lazy("不满意")}


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps; state is done, now or ""."""

    label: str
    state: str
    extra: bool = False  # left out in large type


@dataclass(frozen=True, slots=True)
class Progress:
    """The hero of a progress page, as kernel/_status.html takes it."""

    about: str
    status: str
    sentence: str
    tone: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has the case: a name, and what they are."""

    name: str
    role: str


def progress_of(case: Case, now: datetime) -> Progress:
    """Return what a case's reporter is told at `now`, in a neighbour's words.

    Source: ui.md 2.6; issue story 5, every step in plain words.
    """
    status, sentence = _SAYINGS[CaseState(case.state)](case, now)
    if case.reporter_left_at is not None:
        status, sentence = _left(case)
    return Progress(
        about=_("您上报的“%(title)s”") % {"title": case.title},
        status=status,
        sentence=sentence,
        tone=_TONES.get(CaseState(case.state), ""),
        steps=steps_of(case),
    )


def steps_of(case: Case) -> list[Step]:
    """Return the four steps of a case; none where it left the usual way."""
    at = _STAND.get(CaseState(case.state))
    if at is None:
        return []
    labels = [
        _("已提交"),
        _("已派单") if at > 1 or case.state == S.ASSIGNED else _("待派单"),
        _("处理中") if case.state != S.SUSPENDED else _("等条件"),
        str(_LAST.get(CaseState(case.state), _("待评价"))),
    ]
    return [
        Step(label, "done" if i < at else "now" if i == at else "", extra=i == 1)
        for i, label in enumerate(labels)
    ]


def hands_of(case: Case) -> Hands | None:
    """Return who has the case in hand, as its reporter may know: a name and a post."""
    post, organisation = case.handler_post, case.handler_organisation
    office = post.name if post else organisation.name if organisation else ""
    if case.handler_account:
        return Hands(case.handler_account.name, office)
    return Hands(office, "") if office else None


def rating_ends_at(case: Case) -> datetime | None:
    """Return until when the reporter may rate; one closed by silence for some days more."""
    settings = get_settings()
    if case.state == S.RESOLVED and case.resolved_at:
        return case.resolved_at + timedelta(days=settings.silence_days)
    if case.state == S.CLOSED and case.is_closed_by_silence and case.closed_at:
        return case.closed_at + timedelta(days=settings.reopen_days)
    return None


def urge_again_at(case: Case) -> datetime | None:
    """Return when the reporter may urge again, or None when it is possible now for the first time."""
    if case.urged_at is None:
        return None
    return case.urged_at + timedelta(hours=get_settings().urge_pause_hours)


def _reported(case: Case, now: datetime) -> tuple[str, str]:
    if case.lateness >= Lateness.LATE:
        return _("已收到，回复晚了"), _late(case)
    return _("已收到，等社区受理"), _("社区工作人员会在%(when)s告诉您怎么办。") % {
        "when": _by(case.respond_due_at, now)
    }


def _accepted(case: Case, now: datetime) -> tuple[str, str]:
    if case.lateness >= Lateness.LATE:
        return _("已受理"), _late(case)
    if case.is_in_arbitration:
        return _("已受理"), _("正在确认由谁来办。%(when)s办好的约定不变。") % {
            "when": _by(case.resolve_due_at, now)
        }
    return _("已受理"), _("社区正在安排人处理，预计%(when)s办好。") % {
        "when": _by(case.resolve_due_at, now)
    }


def _assigned(case: Case, now: datetime) -> tuple[str, str]:
    if case.lateness >= Lateness.LATE:
        return _("已派单"), _late(case)
    hands = hands_of(case)
    return _("已派单"), _("已交给%(who)s，预计%(when)s办好。") % {
        "who": hands.role or hands.name if hands else _("承办人"),
        "when": _by(case.resolve_due_at, now),
    }


def _in_hand(case: Case, now: datetime) -> tuple[str, str]:
    if case.lateness >= Lateness.LATE:
        return _("正在处理"), _late(case)
    hands = hands_of(case)
    return _("正在处理"), _("%(who)s正在处理，预计%(when)s完成。") % {
        "who": hands.name if hands else _("承办人"),
        "when": _by(case.resolve_due_at, now),
    }


def _suspended(case: Case, now: datetime) -> tuple[str, str]:
    asked = case.suspensions.filter(state="approved").first()
    reason = asked.reason.rstrip("。") if asked else _("要等条件具备")
    until = case.suspended_until
    again = _("预计%(when)s恢复办理。") % {"when": _moment(until, now)} if until else ""
    return _("先等一等"), _("%(reason)s。%(again)s") % {"reason": reason, "again": again}


def _resolved(case: Case, now: datetime) -> tuple[str, str]:
    hands, ends_at = hands_of(case), rating_ends_at(case)
    who = hands.name if hands else _("承办人")
    return _("已办好，等您评价"), _(
        "%(who)s说已经办好了。您看解决了吗？%(when)s前没有评价，就按办好归档。"
    ) % {"who": who, "when": _moment(ends_at, now).lstrip() if ends_at else ""}


def _closed(case: Case, now: datetime) -> tuple[str, str]:
    if not case.is_closed_by_silence:
        word = SATISFACTION.get(case.satisfaction or 0, "")
        return _("已办结"), _("您说解决了，%(word)s。谢谢您告诉我们。") % {"word": word}
    ends_at = rating_ends_at(case)
    if ends_at and now <= ends_at:
        return _("已归档"), _(
            "办好以后没有收到您的评价。没有解决的话，%(when)s前还可以告诉我们。"
        ) % {"when": _moment(ends_at, now).lstrip()}
    return _("已归档"), _("办好以后没有收到您的评价，已经归档。")


def _declined(case: Case, now: datetime) -> tuple[str, str]:
    return _("这件事社区办不了"), _("为什么、还可以怎么办、什么时候再看一次，都写在下面。")


def _merged(case: Case, now: datetime) -> tuple[str, str]:
    into = case.merged_into
    if into is None:
        return _("和另一件并在一起办"), ""
    status, sentence = _SAYINGS[CaseState(into.state)](into, now)
    return _("和另一件并在一起办"), _(
        "有邻居报过同一件事，两件一起办。那一件现在：%(status)s。%(sentence)s"
    ) % {
        "status": status,
        "sentence": sentence if into.state in _TOLD_OF_ANOTHER else "",
    }


def _withdrawn(case: Case, now: datetime) -> tuple[str, str]:
    return _("您已撤回"), _("这件事不再办了。又遇到的话，随时可以重新上报。")


def _left(case: Case) -> tuple[str, str]:
    """Return what a reporter is told who took theirs back while neighbours wait for the same."""
    if case.is_open:
        return _("您已撤回"), _(
            "还有 %(n)s 位邻居也遇到了这件事，社区照常办，由他们接着跟；您不会再收到通知。"
        ) % {"n": case.follower_count}
    return _("您已撤回"), _("这件事后来由也遇到的邻居跟到了底。")


def _late(case: Case) -> str:
    if case.lateness >= Lateness.ESCALATED:
        return _("比约定时间晚了，已请上一级一起盯办，会尽快给您答复。")
    return _("比约定时间晚了，我们已催办，今天给您答复。")


def _by(moment: datetime, now: datetime) -> str:
    return _("%(when)s前") % {"when": _moment(moment, now)}


def _moment(moment: datetime, now: datetime) -> str:
    """Write a moment as it stands within a sentence: a space beside a digit, none before 明天.

    Behind a comma or a question mark it begins without one (`lstrip`).
    """
    words = human_moment(moment, now)
    return f" {words} " if words[0].isdigit() else f"{words} "


_SAYINGS = {
    S.REPORTED: _reported,
    S.ACCEPTED: _accepted,
    S.ASSIGNED: _assigned,
    S.IN_HAND: _in_hand,
    S.SUSPENDED: _suspended,
    S.RESOLVED: _resolved,
    S.CLOSED: _closed,
    S.DECLINED: _declined,
    S.MERGED: _merged,
    S.WITHDRAWN: _withdrawn,
}
_TOLD_OF_ANOTHER = (S.REPORTED, S.ACCEPTED, S.ASSIGNED, S.IN_HAND, S.SUSPENDED)
_TONES = {
    S.CLOSED: "done",
    S.DECLINED: "off",
    S.MERGED: "off",
    S.WITHDRAWN: "off",
    S.SUSPENDED: "back",
}
_STAND = {
    S.REPORTED: 0,
    S.ACCEPTED: 1,
    S.ASSIGNED: 1,
    S.IN_HAND: 2,
    S.SUSPENDED: 2,
    S.RESOLVED: 3,
    S.CLOSED: 4,
}
_LAST = {S.CLOSED: gettext_lazy("已办结")}
