"""随 field: what goes along on a worker's phone. Nouns: card, form, device, submission, conflict."""
