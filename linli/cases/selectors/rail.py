"""Numbers on the desk's rail, on every page: kept for a few seconds, so that no page pays for them."""

from linli.cases.selectors import arbitrations, whistles
from linli.kernel.actor import Actor
from linli.kernel.memory import remember


@remember
def whistle_count(actor: Actor) -> int:
    """Return how many whistles wait for the actor."""
    return whistles.waiting_count(actor)


@remember
def arbitration_count(actor: Actor) -> int:
    """Return how many questions wait for the actor's answer."""
    return arbitrations.waiting_count(actor)
