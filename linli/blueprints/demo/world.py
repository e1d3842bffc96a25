"""The moving clock of a demo tenant: what happens next, in order, a day to a transaction."""

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.db import transaction

from linli.blueprints.demo.staff import Staff
from linli.cases.services import clocks, whistle_clock
from linli.kernel import calendar, clock, worktime
from linli.kernel.errors import DomainError
from linli.kernel.models import Tenant

Action = Callable[[datetime], None]
LOOK = timedelta(hours=4)  # how often the clocks of cases are looked at


class World:
    """One tenant living from `start` to `now`."""

    def __init__(self, tenant: Tenant, *, start: datetime, now: datetime, rng: Random) -> None:
        self.tenant, self.start, self.now, self.rng = tenant, start, now, rng
        self.staff = Staff(tenant)
        self.calendar = calendar.load()
        self.refused: Counter[str] = Counter()
        self.weather: dict[date, str] = {}
        self._next: list[tuple[datetime, int, Action]] = []
        self._order = count()

    def at(self, moment: datetime, action: Action) -> None:
        """Let something happen at a moment; before the start nobody was there, after now is real life."""
        if self.start <= moment <= self.now:
            heapq.heappush(self._next, (moment, next(self._order), action))

    def working(self, moment: datetime) -> datetime:
        """Return a moment within working hours, a few minutes after the one given at least."""
        minutes = timedelta(minutes=self.rng.uniform(4, 55))
        return worktime.add_working_time(moment, minutes, self.calendar)

    def is_working(self, moment: datetime) -> bool:
        """Tell whether people are at work."""
        local = clock.local(moment)
        spans = self.calendar.hours.spans()
        is_open = any(opens <= local.time() < closes for opens, closes in spans)
        return is_open and self.calendar.is_workday(local.date())

    def live(self) -> None:
        """Let everything happen that was asked for, and what follows from it."""
        self.at(self.start, self._look)
        while self._next:
            self._live_a_day(clock.local(self._next[0][0]).date())

    @transaction.atomic
    def _live_a_day(self, day: date) -> None:
        while self._next and clock.local(self._next[0][0]).date() == day:
            moment, _order, action = heapq.heappop(self._next)
            try:
                action(moment)
            except DomainError as refusal:
                # Somebody came too late for the state a case is in: that happens in life too.
                self.refused[f"{type(refusal).__name__}: {refusal.message}"] += 1

    def _look(self, moment: datetime) -> None:
        clocks.check_due_cases(moment, limit=1000)
        whistle_clock.check_due(moment, limit=1000)
        self.at(moment + LOOK, self._look)
