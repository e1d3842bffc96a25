"""Every change of messages: telling, sending, reading, the community's own words and hours."""

from linli.messages.services.telling import tell

__all__ = ["tell"]
