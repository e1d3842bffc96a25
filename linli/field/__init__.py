"""The field: phones that lose their network, what they hand in, and the day that they carry along.

Nouns: device (a phone of an account), upload (a photo on its way in pieces), submission (what a phone
hands in, once), card (one thing to do today), item (one line of what to look at). It knows nothing of
people, cases or visits: rooms above give cards (`selectors/day.py`) and take submissions
(`services/submissions.py`).
"""
