"""What follows from an ended account: its posts fall vacant, its turns are free."""

from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.models import EventRow
from linli.people import selectors as people
from linli.people.events import AccountEnded
from linli.posts import selectors, services

# Residents read in which post somebody looked at their record, never who.
people.register_post_names(selectors.post_names_of)


@events.on(AccountEnded)
def vacate_posts(event: EventRow) -> None:
    """End the terms of whoever cannot sign in any more."""
    actor = system(event.tenant_id)
    services.end_holdings_of(account_id=event.subject_id, actor=actor, now=event.happened_at)
    services.leave_all(account_id=event.subject_id, actor=actor, now=event.happened_at)
