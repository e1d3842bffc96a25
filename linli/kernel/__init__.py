"""What every room stands on: tenant, actor, clock, working calendar, events, jobs, secrets, pictures.

The kernel knows no room. It tells the others nothing; they tell it what happened (`events.record`).
"""
