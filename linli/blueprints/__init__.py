"""方 blueprints: a community's way of working as data. Nouns: blueprint, installation, word.

A blueprint is a readable file (docs/blueprints.md): areas, posts, categories, service levels, routing,
words. It is checked before anything is changed, and installed by the same code for the demo and for
a new community, again and again without harm. Each room installs its own part (`<room>/blueprint.py`).
"""
