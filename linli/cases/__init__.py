"""The closed loop: from a resident's first word to the resident's last (事).

Nouns: case, category, service level, entry, photo, assignment, suspension, follower, rating. It
tells
the others every step of a case (`events.py`).
"""
