"""The way out to webhooks: signed by a published standard, to checked addresses only."""

from linli.clients.adapters.posting import Answer, Message, check_address, post

__all__ = ["Answer", "Message", "check_address", "post"]
