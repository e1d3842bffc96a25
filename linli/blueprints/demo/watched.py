"""The other side of a case in the demo: the resident who said it, neighbours, the rung that watches."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from linli.blueprints.demo import fate
from linli.blueprints.demo.fate import Fate
from linli.blueprints.demo.people import phone
from linli.blueprints.demo.words import manners
from linli.blueprints.demo.world import World
from linli.cases.services import closing, following, ladder
from linli.kernel import secrets
from linli.kernel.actor import Actor, reporter
from linli.kernel.errors import NotFound

if TYPE_CHECKING:
    from linli.cases.models import Case


class Watched(ABC):
    """What residents and higher rungs do with a case; a Story adds what staff do."""

    world: World
    case: "Case"
    fate: Fate
    rng: Random

    @abstractmethod
    def go_on(self, at: datetime) -> None:
        """Take the next step that the state of the case asks for."""

    def _soon(self, at: datetime, minutes: float) -> datetime:
        if self._is_round_the_clock:
            return at + timedelta(minutes=min(minutes, 90))
        return self.world.working(at + timedelta(minutes=minutes))

    @property
    def _is_round_the_clock(self) -> bool:
        """Whether people come out at night for it."""
        return self.case.service_level.respond_unit == "hour" and self.case.is_urgent

    def _role(self, role: str, at: datetime) -> Actor:
        actor = self.world.staff.in_role(role, self.case.area_path, at)
        if actor is None:
            raise NotFound(f"没有{role}")
        return actor

    @property
    def _token(self) -> str:
        return secrets.case_token(self.world.tenant.code, self.case.pk, self.case.link_version)

    @property
    def _reporter(self) -> Actor:
        return reporter(self.world.tenant.pk)

    def _rate(self, at: datetime) -> None:
        kind = self.fate.rating
        score = {"satisfied": 3, "so_so": 2, "dissatisfied": 1}[kind]
        self.case = closing.rate_case(
            token=self._token, is_solved=score > 1, satisfaction=score,
            comment=self.rng.choice(manners()["rated"][kind]), actor=self._reporter, now=at,
        )  # fmt: skip
        if self.case.is_open:
            self.fate = fate.again(self.rng)
            self.world.at(self._soon(at, self.rng.uniform(20, 180)), self.go_on)

    def _follower(self, number: int) -> Callable[[datetime], None]:
        def follow(at: datetime) -> None:
            if self.case.is_open and not self.case.is_confidential:
                number_ = phone(self.rng) if self.rng.random() < 0.4 else ""
                following.follow_case(
                    case_id=self.case.pk, device=f"follower-{number}", phone=number_,
                    consent_version="demo", actor=self._reporter, now=at,
                )  # fmt: skip

        return follow

    def _add(self, at: datetime) -> None:
        if self.case.is_open:
            text = self.rng.choice(manners()["add"])
            self.case = closing.add_to_case(
                token=self._token, text=text, actor=self._reporter, now=at
            )

    def _withdraw(self, at: datetime) -> None:
        if self.case.state in ("reported", "assigned", "accepted"):
            text = self.rng.choice(manners()["withdraw"])
            self.case = closing.withdraw_case(
                token=self._token, text=text, actor=self._reporter, now=at
            )

    def _watch(self, at: datetime) -> None:
        """After the promise has passed: the resident asks when, and the rung above looks at it."""
        if not self.case.is_open or self.case.state == "suspended":
            return
        text = self.rng.choice(manners()["urge"])
        self.case = closing.urge_case(token=self._token, text=text, actor=self._reporter, now=at)
        if self.fate.is_supervised and not self.case.is_confidential:
            self.world.at(self.world.working(at), self._supervise)

    def _supervise(self, at: datetime) -> None:
        if self.case.is_open:
            actor = self._role("subdistrict", at)
            text = self.rng.choice(manners()["supervise"])
            self.case = ladder.supervise_case(case_id=self.case.pk, text=text, actor=actor, now=at)
