"""Every change to how other systems are connected: keys made, used and revoked."""

from linli.clients.services.keys import Caller, KeySheet, NewKey, make_key, open_door, revoke_key

__all__ = ["Caller", "KeySheet", "NewKey", "make_key", "open_door", "revoke_key"]
