"""What follows from a change of an account or of a post: who is concerned is told, and the office."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from linli.field.events import SubmissionsWait
from linli.kernel import clock, events
from linli.kernel.models import EventRow
from linli.messages.services import stop_sending, tell
from linli.people import selectors as people
from linli.people.events import ConsentWithdrawn, PasswordChanged, TotpChanged
from linli.posts import selectors as posts
from linli.posts.events import (
    HandoverClosed,
    HandoverNamed,
    HandoverOpened,
    SwapAnswered,
    SwapAsked,
    TermEnding,
)

OWN_PAGE, SECURITY_PAGE = "/me/", "/desk/people/security/"


@events.on(PasswordChanged, TotpChanged)
def tell_of_reset(event: EventRow) -> None:
    """Tell whose password or one-time codes were reset by somebody else, once, and who did it."""
    if not event.data.get("is_reset"):
        return
    names = people.account_names([one for one in (event.account_id, event.subject_id) if one])
    local = clock.local(event.happened_at)
    facts = {
        "name": names.get(event.account_id, "") if event.account_id else "",
        "whose": names.get(event.subject_id, ""),
        "since": f"{local.month} 月 {local.day} 日 {local:%H:%M}",
    }
    guards = posts.accounts_with("kernel.security", event.area_path, event.happened_at)
    for audience, accounts, link in (
        ("handler", [event.subject_id], OWN_PAGE),
        ("desk", [one for one in guards if one != event.subject_id], SECURITY_PAGE),
    ):
        tell(
            event_name=event.name,
            audience=audience,
            key=f"{event.pk}:{audience}",
            facts=facts,
            link=link,
            subject_id=event.subject_id,
            area_path=event.area_path,
            account_ids=accounts,
            now=event.happened_at,
        )


@events.on(TermEnding)
def tell_of_ending_term(event: EventRow) -> None:
    """Tell who holds the post and who leads it that the term ends, once each."""
    holder = UUID(event.data["holder_id"])
    day = date.fromisoformat(event.data["last_on"])
    facts = {
        "name": _post_name(event),
        "whose": people.account_names([holder]).get(holder, ""),
        "until": f"{day.month} 月 {day.day} 日",
        "count": str(event.data["days"]),
    }
    page = reverse("posts:post", args=[event.subject_id])
    leads = posts.accounts_with("posts.manage", event.area_path, event.happened_at)
    _tell(event, "handler", [holder], facts, "/field/me/")
    _tell(event, "lead", [one for one in leads if one != holder], facts, page)


@events.on(HandoverOpened)
def tell_of_handover(event: EventRow) -> None:
    """Tell who leaves what is on the list, and who comes; or the lead, when nobody is named yet."""
    if not event.data["line_count"]:
        return
    outgoing, said = UUID(event.data["outgoing_id"]), event.data.get("incoming_id")
    facts = _handover_facts(event, outgoing)
    mine = reverse("posts:my_handover", args=[event.data["handover_id"]])
    _tell(event, "handler", [outgoing], facts, mine)
    if said:
        _tell(event, "desk", [UUID(said)], facts, mine)
    else:
        page = reverse("posts:handover", args=[event.data["handover_id"]])
        leads = posts.accounts_with("posts.manage", event.area_path, event.happened_at)
        _tell(event, "lead", [one for one in leads if one != outgoing], facts, page)


@events.on(HandoverNamed)
def tell_who_takes_over(event: EventRow) -> None:
    """Tell somebody that a post comes to them."""
    facts = _handover_facts(event, UUID(event.data["outgoing_id"]))
    mine = reverse("posts:my_handover", args=[event.data["handover_id"]])
    incoming = [UUID(event.data["incoming_id"])]
    _tell(event, "desk", incoming, facts, mine, event_name=HandoverOpened.name)


@events.on(HandoverClosed)
def tell_of_closed_handover(event: EventRow) -> None:
    """Tell the post's leads that everything is in other hands."""
    if event.data["line_count"]:
        facts = _handover_facts(event, UUID(event.data["outgoing_id"]))
        page = reverse("posts:handover", args=[event.data["handover_id"]])
        leads = posts.accounts_with("posts.manage", event.area_path, event.happened_at)
        _tell(event, "lead", [one for one in leads if one != event.account_id], facts, page)


@events.on(SwapAsked)
def tell_of_swap(event: EventRow) -> None:
    """Tell who is asked to change turns."""
    asked, by = UUID(event.data["asked_of_id"]), UUID(event.data["asked_by_id"])
    facts = {"whose": _name(by), "since": _when(event.data["starts_at"])}
    _tell(event, "handler", [asked], facts, reverse("posts:my_turns"))


@events.on(SwapAnswered)
def tell_of_answered_swap(event: EventRow) -> None:
    """Tell who asked what came of it; who took it back knows."""
    how = {"agreed": "答应了", "refused": "换不了"}.get(event.data["how"])
    if how:
        asked, by = UUID(event.data["asked_of_id"]), UUID(event.data["asked_by_id"])
        facts = {"whose": _name(asked), "answer": how}
        _tell(event, "handler", [by], facts, reverse("posts:my_turns"))


@events.on(ConsentWithdrawn)
def send_no_more(event: EventRow) -> None:
    """Send nothing more to phone and mailbox of who does not want it; the page still tells."""
    owner = event.data.get("owner_id")
    if event.data["purpose"] == "notices" and owner:
        stop_sending(account_id=UUID(owner))


@events.on(SubmissionsWait)
def tell_of_undecided(event: EventRow) -> None:
    """Tell the desk what phones handed in and nobody has decided for long."""
    desk = posts.accounts_with("field.quarantine", event.area_path, event.happened_at)
    desk = desk or posts.accounts_with("posts.manage", event.area_path, event.happened_at)
    facts = {"count": str(event.data["count"]), "days": str(event.data["days"])}
    _tell(event, "desk", desk, facts, reverse("field:waiting"))


def _handover_facts(event: EventRow, outgoing: UUID) -> dict[str, str]:
    facts = {
        "name": _post_name(event),
        "whose": people.account_names([outgoing]).get(outgoing, ""),
        "count": str(event.data.get("line_count") or ""),
    }
    leaves_at = posts.handover_leaves_at(UUID(event.data["handover_id"]))
    if leaves_at is not None:
        local = clock.local(leaves_at)
        facts["until"] = f"{local.month} 月 {local.day} 日"
    return facts


def _name(account_id: UUID) -> str:
    return people.account_names([account_id]).get(account_id, "")


def _when(moment: str) -> str:
    local = clock.local(datetime.fromisoformat(moment))
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"


def _post_name(event: EventRow) -> str:
    return posts.post_names([event.subject_id]).get(event.subject_id, "")


def _tell(
    event: EventRow,
    audience: str,
    account_ids: list[UUID],
    facts: dict[str, str],
    link: str,
    **more: Any,
) -> None:
    tell(
        audience=audience,
        key=f"{event.pk}:{audience}",
        facts=facts,
        link=link,
        subject_id=event.subject_id,
        area_path=event.area_path,
        account_ids=account_ids,
        now=event.happened_at,
        **{"event_name": event.name, **more},
    )
