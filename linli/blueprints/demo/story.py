"""The life of one case in the demo, step by step through the same services that people use."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.blueprints.demo import drawing, hands
from linli.blueprints.demo.fate import Fate
from linli.blueprints.demo.people import Resident
from linli.blueprints.demo.watched import Watched
from linli.blueprints.demo.words import Voice, manners
from linli.blueprints.demo.world import World
from linli.cases import selectors
from linli.cases.services import correcting, desk, handling, ladder, merging
from linli.kernel.actor import Actor
from linli.kernel.clock import local
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.cases.models import Case
    from linli.places.models import PlaceCode

DAY = timedelta(days=1)


class Story(Watched):
    """One case from its report to the resident's last word, or to now."""

    category_id: UUID | None = None  # the right one, when it came in under another
    door: "PlaceCode"
    twin: "Story | None" = None  # the case in which the same was said before

    def __init__(self, world: World, case: "Case", own: Fate, voice: Voice) -> None:
        self.world, self.case, self.fate, self.voice = world, case, own, voice
        self.rng = world.rng

    # When

    def begin(self, resident: Resident) -> None:
        """Ask for everything that will happen to the case."""
        case, world = self.case, self.world
        span = case.resolve_due_at - case.reported_at
        for number in range(self.fate.follower_count):
            world.at(case.reported_at + span * self.rng.uniform(0.02, 0.5), self._follower(number))
        if self.fate.has_addition:
            world.at(case.reported_at + span * self.rng.uniform(0.05, 0.3), self._add)
        if self.twin is not None:
            world.at(self._soon(case.reported_at, self.rng.uniform(1, 30)), self._merge)
        if self.fate.is_withdrawn:
            world.at(case.reported_at + span * self.rng.uniform(0.02, 0.3), self._withdraw)
        world.at(self._moment(self.fate.take_ratio, case.respond_due_at), self.go_on)
        world.at(case.resolve_due_at + timedelta(hours=self.rng.uniform(1, 20)), self._watch)

    def go_on(self, at: datetime) -> None:
        """Take the next step that the state of the case asks for."""
        steps: dict[str, Callable[[datetime], None]] = {
            "reported": self._decide,
            "accepted": self._assign,
            "assigned": self._take,
            "in_hand": self._work,
            "suspended": self._wait,
            "resolved": self._rate,
        }
        step = steps.get(self.case.state)
        if step is not None:
            step(at)

    def _moment(self, ratio: float, due_at: datetime) -> datetime:
        """Return when so much of a promise is used up, in working hours if it is kept in those."""
        start = self.case.clock_started_at
        moment = start + (due_at - start) * ratio
        if self._is_round_the_clock:
            return max(moment, start + timedelta(minutes=6))
        return self.world.working(moment)

    # Who

    def _desk(self, at: datetime) -> Actor:
        """Return whoever dispatches here; confidential cases are the lead's."""
        role = "lead" if self.case.is_confidential else "desk"
        return self._role(role, at)

    def _handler(self, at: datetime) -> Actor:
        case = self.case
        actor = self.world.staff.holding(case.handler_post_id, case.handler_organisation_id, at)
        return actor or self._desk(at)

    # The desk

    def _decide(self, at: datetime) -> None:
        if self.fate.stuck == "desk":
            return
        actor, own = self._desk(at), self.fate
        if own.is_declined:
            self._decline(actor, at)
        else:
            self._accept(actor, at)

    def _merge(self, at: datetime) -> None:
        """Somebody at the desk sees that this was said before."""
        is_new = self.case.state in ("reported", "assigned")
        if is_new and self.twin is not None and self.twin.case.is_open:
            self.case = merging.merge_case(
                case_id=self.case.pk, into_id=self.twin.case.pk, actor=self._desk(at), now=at
            )

    def _accept(self, actor: Actor, at: datetime) -> None:
        text = self.rng.choice(manners()["accept"]) if self.rng.random() < 0.7 else ""
        self.case = desk.accept_case(case_id=self.case.pk, text=text, actor=actor, now=at)
        if self.category_id is not None:
            self.case = correcting.correct_case(
                case_id=self.case.pk, category_id=self.category_id, actor=actor, now=at
            )
        self.world.at(self._soon(at, self.rng.uniform(1, 40)), self.go_on)

    def _decline(self, actor: Actor, at: datetime) -> None:
        code, known = self.case.category.code, manners()["declines"]
        drawn = known.index(self.rng.choice(known))
        fitting = [one for one in known if code in one["of"]]
        fitting = fitting or [one for one in known if not one["of"]]
        words = {k: v for k, v in fitting[drawn % len(fitting)].items() if k != "of"}
        review_on = local(at).date() + timedelta(days=self.rng.choice([30, 60, 90]))
        decline = desk.Decline(**words, review_on=review_on)
        self.case = desk.decline_case(case_id=self.case.pk, decline=decline, actor=actor, now=at)

    def _assign(self, at: datetime) -> None:
        post_id, organisation_id = hands.choose(self.case, at)
        if self.case.is_in_arbitration:
            self._arbitrate(post_id, organisation_id, at)
        else:
            note = self.rng.choice(manners()["note"]) if self.fate.has_note else ""
            self.case = desk.assign_case(
                case_id=self.case.pk, post_id=post_id, organisation_id=organisation_id, text=note,
                actor=self._desk(at), now=at,
            )  # fmt: skip
        self.world.at(self._soon(at, self.rng.uniform(5, 240)), self.go_on)

    def _arbitrate(self, post_id: UUID | None, organisation_id: UUID | None, at: datetime) -> None:
        lead = self._role("lead", at)
        route = posts.chosen(
            post_id=post_id, organisation_id=organisation_id, area_path=self.case.area_path, by=lead.name
        )  # fmt: skip
        self.case = ladder.arbitrate_case(
            case_id=self.case.pk, route=route, text="看过现场，按首接负责办。", actor=lead, now=at
        )

    # The hands

    def _take(self, at: datetime) -> None:
        if self.fate.stuck in ("desk", "take"):
            return
        actor = self._handler(at)
        if self.fate.is_returned and not self.case.is_confidential:
            self.fate.is_returned = False
            text = self.rng.choice(manners()["return"])
            self.case = handling.return_case(case_id=self.case.pk, text=text, actor=actor, now=at)
            self.world.at(self._soon(at, self.rng.uniform(60, 300)), self.go_on)
            return
        self.case = handling.take_case(case_id=self.case.pk, actor=actor, now=at)
        done_at = max(
            self._moment(self.fate.solve_ratio, self.case.resolve_due_at), self._soon(at, 15)
        )
        if self.fate.has_progress:
            self.world.at(at + (done_at - at) * 0.4, self._progress)
        # What waits for a spare part is said soon, not at the end.
        self.world.at(self._soon(at, 60) if self.fate.is_suspended else done_at, self.go_on)

    def _progress(self, at: datetime) -> None:
        if self.case.state != "in_hand":
            return
        text = self.rng.choice(self.voice.going(self.case.text))
        is_shown = self.rng.random() < 0.3 and self.voice.shows(self.case.text)
        before = drawing.photos(self.voice.scene, self.rng) if is_shown else ()
        self.case = handling.add_progress(
            case_id=self.case.pk, text=text, before=before, actor=self._handler(at), now=at
        )

    def _work(self, at: datetime) -> None:
        if self.fate.stuck and not self.fate.is_suspended:
            return
        if self.fate.is_suspended and self._handler(at) != self._role("lead", at):
            self._ask_suspension(at)
        elif self.fate.is_escalated:
            self._escalate(at)
        else:
            self._resolve(at)

    def _ask_suspension(self, at: datetime) -> None:
        self.fate.is_suspended = False
        reason = self.rng.choice(manners()["suspend"])
        until = at + DAY * self.rng.randint(3, 8)
        self.case = handling.ask_suspension(
            case_id=self.case.pk, reason=reason, until=until, actor=self._handler(at), now=at
        )
        if not self.fate.stuck or self.rng.random() < 0.6:  # the rest waits for the lead
            self.world.at(self._soon(at, self.rng.uniform(20, 200)), self._decide_suspension)

    def _decide_suspension(self, at: datetime) -> None:
        is_approved = self.fate.is_suspension_approved
        note = "" if is_approved else self.rng.choice(manners()["suspend_refused"])
        self.case = handling.decide_suspension(
            case_id=self.case.pk, is_approved=is_approved, note=note,
            actor=self._role("lead", at), now=at,
        )  # fmt: skip
        self.world.at(self._soon(at, 120), self.go_on)

    def _wait(self, at: datetime) -> None:
        """Look again when the clock goes on."""
        until = self.case.suspended_until or at
        if at > until:
            self._look_again()
        self.world.at(self._soon(max(at, until) + timedelta(hours=3), 30), self.go_on)

    def _look_again(self) -> None:
        self.case = selectors.get_case(self.case.pk, self.world.staff.system)

    def _escalate(self, at: datetime) -> None:
        self.fate.is_escalated = False
        text = self.rng.choice(manners()["escalate"])
        actor = self._handler(at)
        self.case = ladder.escalate_case(case_id=self.case.pk, text=text, actor=actor, now=at)
        self.world.at(self._soon(at, self.rng.uniform(60, 400)), self.go_on)

    def _resolve(self, at: datetime) -> None:
        is_shown = self.case.category.needs_result_photo or (
            self.rng.random() < 0.25 and self.voice.shows(self.case.text)
        )
        drawn = drawing.photos(self.voice.scene, self.rng, is_after=True)
        after = drawn if is_shown else ()
        text = self.rng.choice(self.voice.ending(self.case.text))
        self.case = handling.resolve_case(
            case_id=self.case.pk, text=text, after=after, actor=self._handler(at), now=at
        )
        if self.fate.rating:
            self.world.at(at + timedelta(hours=self.fate.rating_hours), self.go_on)
