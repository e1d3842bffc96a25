"""Who may do what, where, until when: organisations, posts with duties, holders, substitutes, routing (岗).

Nouns: organisation, post, duty, holding, substitution, routing rule. It tells the others when a post is
filled, ended or left without a holder.
"""
