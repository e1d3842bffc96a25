"""护 care: who is looked after, how often and by whom. Nouns: care profile, visit, knock card, alert."""
