"""What asks for attention, gathered from the rooms: each a number that opens on its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.selectors import arbitrations, followups, queue, whistles
from linli.cases.selectors.attention import attention, review_count
from linli.cases.selectors.conditions import Question
from linli.kernel.actor import Actor
from linli.kernel.models import Job, Retry
from linli.messages import selectors as messages
from linli.messages.selectors.failures import count_failed
from linli.people import selectors as people
from linli.posts.selectors.vacancies import count_vacant
from linli.publishing.selectors.desk import count_submitted

FAILED_SINCE: Final = timedelta(days=3)
UPCOMING: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that asks for attention: how many, in words, and the page that shows them."""

    name: str
    label: Any
    count: int
    url: str
    icon: str = "circle-alert"
    is_late: bool = False
    more: str = ""


# What the queue can show of a number: (name, words, the queue's address, who acts on it).
_CASES: Final = (
    ("late", gettext_lazy("已超时"), "due=late", "cases.view"),
    ("soon", gettext_lazy("4 小时内到期"), "due=soon", "cases.view"),
    ("reported", gettext_lazy("待受理"), "tab=reported", "cases.dispatch"),
    ("arbitration", gettext_lazy("待裁定"), "mark=arbitration", "cases.arbitrate"),
    ("suspension", gettext_lazy("待审批挂起"), "mark=suspension", "cases.approve"),
    ("extension", gettext_lazy("待审批延期"), "mark=extension", "cases.approve"),
    ("reopened", gettext_lazy("不满意重办"), "mark=reopened", "cases.view"),
    ("mine", gettext_lazy("在我手上"), "to=me", "cases.handle"),
)


def case_matters(actor: Actor, now: datetime) -> list[Matter]:
    """Return the numbers of the actor's queue that they act on; zeros too, in a fixed order."""
    if not actor.scopes("cases.view"):
        return []
    counts = attention(actor, now)
    address = reverse("cases:queue")
    return [
        Matter(
            name=name,
            label=label,
            count=counts[name],
            url=f"{address}?{query}",
            is_late=name == "late",
        )
        for name, label, query, duty in _CASES
        if actor.can(duty)
    ]


def upcoming(actor: Actor, now: datetime) -> list[Any]:
    """Return the cases of the actor's queue whose promise ends first."""
    return queue.queue(Question(), actor, now).cases[:UPCOMING]


def other_matters(actor: Actor, now: datetime) -> list[Matter]:
    """Return what else asks for attention, as far as the actor looks after it; no zeros."""
    found = [
        *_together(actor),
        *_reviews(actor),
        *_posts(actor, now),
        *_board(actor),
        *_messages(actor, now),
        *_running(actor, now),
    ]
    return [matter for matter in found if matter.count]


def _together(actor: Actor) -> Iterator[Matter]:
    """What departments and the rung above owe each other: a whistle's parts, an answer from above."""
    at_desk = actor.can("cases.view")
    yield Matter(
        name="whistles",
        label=_("件吹哨等我们办，或有部门超时")
        if actor.scopes(whistles.DUTY)
        else _("件吹哨等我们报到、到场或办结"),
        count=whistles.waiting_count(actor),
        url=f"{reverse('cases:whistles')}?show=waiting"
        if at_desk
        else reverse("cases:field_whistles"),
        icon="megaphone",
    )
    yield Matter(
        name="arbitrations",
        label=_("件裁定等我们答复"),
        count=arbitrations.waiting_count(actor),
        url=reverse("cases:arbitrations"),
        icon="gavel",
    )


def _reviews(actor: Actor) -> Iterator[Matter]:
    if actor.can("cases.dispatch"):
        yield Matter(
            name="review",
            label=_("件不予受理的到期复核"),
            count=review_count(actor),
            url=f"{reverse('cases:queue')}?tab=declined&mark=review",
            icon="calendar-clock",
            more=_("答应过到时再看一次：能办就受理，还不能办就说明原因、另定日子。"),
        )
    if actor.can(followups.DUTY):
        yield Matter(
            name="followups",
            label=_("件办结的等回访"),
            count=followups.waiting_count(actor),
            url=reverse("cases:followups"),
            icon="headset",
            more=_("每周抽一部分，由没有经手的人打电话问。"),
        )


def _posts(actor: Actor, now: datetime) -> Iterator[Matter]:
    if actor.can("posts.manage"):
        yield Matter(
            name="vacant",
            label=_("个岗位没有人"),
            count=count_vacant(actor, now),
            url=reverse("posts:posts"),
            icon="user-x",
            more=_("派给这些岗位的工单会转给受理岗。"),
        )


def _board(actor: Actor) -> Iterator[Matter]:
    yield Matter(
        name="to_release",
        label=_("篇等着发布到公开栏"),
        count=count_submitted(actor),
        url=f"{reverse('publishing:articles')}?state=submitted",
        icon="megaphone",
    )


def _messages(actor: Actor, now: datetime) -> Iterator[Matter]:
    if not actor.can("messages.manage"):
        return
    log = reverse("messages:log")
    for line in messages.outage_lines(now):
        yield Matter(
            name="outage",
            label=_("条消息在等：%(name)s不通") % {"name": line.name},
            count=max(line.waiting, 1),
            url=log,
            icon="wifi-off",
            is_late=True,
            more=_("恢复后自动补发，一条不丢。"),
        )
    yield Matter(
        name="failed",
        label=_("条消息 3 天内没有送到"),
        count=count_failed(actor, since=now - FAILED_SINCE),
        url=f"{log}?state=failed",
        icon="send",
    )


def _running(actor: Actor, now: datetime) -> Iterator[Matter]:
    if actor.can("kernel.operate"):
        jobs = Job.objects.filter(parked_at__isnull=False, done_at=None).count()
        events = Retry.objects.filter(parked_at__isnull=False).count()
        yield Matter(
            name="parked",
            label=_("件后台的事停下来了"),
            count=jobs + events,
            url=reverse("posts:operate"),
            icon="octagon-alert",
            is_late=True,
        )
    if actor.can("kernel.security"):
        yield Matter(
            name="locked",
            label=_("个账号被锁"),
            count=len(people.locked_accounts(actor, now)),
            url=reverse("people:security"),
            icon="lock",
        )
