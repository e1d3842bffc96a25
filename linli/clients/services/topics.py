"""What webhooks can be told of: rooms above name their events at start."""

from collections.abc import Iterable

from linli.clients.selectors.webhooks import TOPICS


def register_topics(event_names: Iterable[str]) -> None:
    """Let webhooks listen to these events; the room that has them calls `hand_out` for each."""
    TOPICS.update(dict.fromkeys(event_names))
