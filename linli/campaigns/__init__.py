"""清 campaigns: what several organisations clear together, and lists that close on evidence.

Nouns: campaign, list, entry.
"""
