"""What follows from a change of an account: its owner is told, and the security office."""

from linli.kernel import clock, events
from linli.kernel.models import EventRow
from linli.messages.services import tell
from linli.people import selectors as people
from linli.people.events import PasswordChanged, TotpChanged
from linli.posts import selectors as posts

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
