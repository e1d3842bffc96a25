"""The queue addresses that somebody keeps under names."""

from linli.cases.models import SavedFilter
from linli.kernel.actor import Actor


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """Return the actor's own saved filters, by when they were first kept."""
    if actor.account_id is None:
        return []
    return list(SavedFilter.objects.filter(account_id=actor.account_id).order_by("id"))
