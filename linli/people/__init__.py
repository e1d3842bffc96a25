"""Who: contacts of reporters, accounts of staff and residents, consent, masked display and reveal (人).

Nouns: contact, account, one-time code, reveal. It tells the others when an account is made, locked or
ended and when a contact was revealed.
"""
