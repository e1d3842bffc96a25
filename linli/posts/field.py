"""What posts put into somebody's day: a turn on duty, a swap or a handover that waits for their word."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.field.selectors import day
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.posts import selectors

# A turn is on the list from the evening before.
AHEAD = timedelta(hours=16)


@day.gives("posts")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return today's turns, swaps asked of one, packets to sign, duties to read."""
    return [*_turns(actor, now), *_swaps(actor, now), *_handovers(actor, now), *_duties(actor)]


def _turns(actor: Actor, now: datetime) -> list[day.Card]:
    return [
        day.Card(
            key=f"posts.turn:{one.id}",
            kind="turn",
            title=_("值班：%(station)s") % {"station": one.station_name},
            why=f"{clock.local(one.starts_at):%H:%M}–{clock.local(one.ends_at):%H:%M}",
            place=one.address,
            link=reverse("posts:my_turns"),
            due_at=one.starts_at,
            facts=((_("同班"), "、".join(one.with_names)),) if one.with_names else (),
        )
        for one in selectors.my_turns(actor, now)
        if one.starts_at <= now + AHEAD
    ]


def _swaps(actor: Actor, now: datetime) -> list[day.Card]:
    return [
        day.Card(
            key=f"posts.swap:{one.id}",
            kind="notice",
            title=_("%(name)s想和您换班") % {"name": one.asked_by_name},
            why=_("等您答应"),
            place=one.station_name,
            link=reverse("posts:my_turns"),
            due_at=one.starts_at,
        )
        for one in selectors.my_swaps(actor, now)
    ]


def _handovers(actor: Actor, now: datetime) -> list[day.Card]:
    return [
        day.Card(
            key=f"posts.handover:{row.pk}",
            kind="notice",
            title=_("签交接单：%(post)s") % {"post": row.post.name},
            why=_("交出") if row.outgoing_id == actor.account_id else _("接手"),
            link=reverse("posts:my_handover", args=[row.pk]),
            version=str(row.version),
            due_at=row.leaves_at,
            is_late=row.leaves_at <= now,
        )
        for row in selectors.waiting_for(actor)
    ]


def _duties(actor: Actor) -> list[day.Card]:
    return [
        day.Card(
            key=f"posts.duties:{post_id}",
            kind="notice",
            title=_("看一遍岗位职责：%(post)s") % {"post": name},
            why=_("新的，或者改过"),
            link=reverse("posts:my_duties", args=[post_id]),
        )
        for post_id, name in selectors.unread_posts(actor)
    ]
