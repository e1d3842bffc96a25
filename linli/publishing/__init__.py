"""The board (榜): what concerns all can be seen by all.

Nouns: article (a guide, a notice, a case that was resolved or declined, as everybody may read it) and
revision (what was released of it, kept for ever). One person writes, another releases; only live
revisions are public. Tells others: publishing.article.written, submitted, returned, released, withdrawn.
"""
