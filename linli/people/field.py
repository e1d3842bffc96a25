"""What the register gives to a worker's day, and what phones hand in about households."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.field.selectors import day
from linli.field.services import submissions
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.people.events import HouseholdChecked
from linli.people.selectors import checking
from linli.people.services import collecting

FORM = "people.check"

day.ends("entry", HouseholdChecked.name)


@day.gives("people")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Give the few households of a worker's own grid that nobody has looked at for longest."""
    return [
        day.Card(
            key=f"people.check:{one.home.id}",
            kind="entry",
            title=_("核对住户"),
            why=one.why,
            place=one.home.label,
            link=reverse("people:field_check", args=[one.home.id]),
            version=_base(one.version, one.known_at),
            form=FORM,
            subject_id=str(one.home.id),
            items=one.items,
            is_of_people=True,
        )
        for one in checking.due_checks(actor, now)
    ]


@submissions.takes(FORM, label=gettext_lazy("核对住户"), reads="people.register")
def take_check(sent: submissions.Sent) -> submissions.Taken:
    """Take a check made at a door, perhaps hours ago; what changed meanwhile is shown side by side."""
    if sent.subject_id is None:
        raise BadInput(_("没有说是哪一户。"))
    link = reverse("people:field_home", args=[sent.subject_id])
    try:
        collecting.check_household(
            home_id=sent.subject_id,
            answers=sent.answers,
            version=_version(sent.base_version),
            known_at=_known_at(sent.base_version),
            at=sent.made_at,
            actor=sent.actor,
            now=sent.now,
            key=str(sent.id),
        )
    except collecting.Clashes as clashes:
        different = tuple(
            submissions.Difference(
                name=one.code, label=one.label, base="", sent=one.sent, here=one.here
            )
            for one in clashes.clashes
        )
        now_is = _base(clashes.version, checking.known_at(sent.subject_id))
        raise submissions.Differs(different, link=link, version=now_is) from None
    return submissions.Taken(
        link=link, words=_("核对好了。"), subject_id=UUID(str(sent.subject_id))
    )


def _base(version: int, known_at: datetime | None) -> str:
    """Return a version of a household: its own, and when its people were last changed."""
    return f"{version}.{round(known_at.timestamp() * 1_000_000)}" if known_at else str(version)


def _version(text: str) -> int | None:
    own = text.partition(".")[0][:9]
    return int(own) if own.isascii() and own.isdigit() else None


def _known_at(text: str) -> datetime | None:
    said = text.partition(".")[2][:17]
    if not (said.isascii() and said.isdigit()):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(said))
