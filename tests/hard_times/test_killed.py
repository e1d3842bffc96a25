"""Processes that die at the worst moment, answers that get lost, and the same thing sent twice."""

import http.client
import queue
import threading
import time

from linli.kernel.ids import new_id
from tests.hard_times.house import Answer, House, Phone

REPORTS, THREADS = 100, 6
LONGEST = 600  # seconds; only a fault takes so long
# After so many receipts: web and worker die and their supervisor stays; everything dies at once.
FIRST_KILL, SECOND_KILL = 30, 65


def report(phone: Phone, path: str, *, key: str, text: str) -> Answer:
    return phone.post(path, category="rubbish", text=text, key=key, go="new")


class Crowd:
    """Residents who report at the same time, and send again when no answer came."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.tokens: list[str] = []  # of every receipt that was shown
        self.sent_again = 0
        self.troubles: list[str] = []
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(REPORTS):
            self._waiting.put(number)
        self._threads = [threading.Thread(target=self._report_all) for _ in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait_for(self, receipts: int) -> None:
        until = time.monotonic() + LONGEST
        while len(self.tokens) < receipts and time.monotonic() < until:
            time.sleep(0.01)

    def finish(self) -> None:
        for thread in self._threads:
            thread.join(2 * LONGEST)

    def _report_all(self) -> None:
        while True:
            try:
                number = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._report(number)

    def _report(self, number: int) -> None:
        phone = Phone(self.house, address=f"10.0.1.{number}")
        key = str(new_id())
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            try:
                phone.get(self.house.facts["report"])
                text = f"第 {number} 件：楼道灯不亮。"
                answer = report(phone, self.house.facts["report"], key=key, text=text)
            except (OSError, http.client.HTTPException):
                self.sent_again += 1
                time.sleep(0.1)
                continue
            if answer.token:
                self.tokens.append(answer.token)
            else:
                self.troubles.append(f"{answer.status} {answer.body[:200]}")
            return
        self.troubles.append(f"{number}: no answer at all")


def test_every_receipt_that_was_shown_has_its_case_though_web_and_worker_are_killed(house):
    house.start("run")
    house.wait_until_open()
    crowd = Crowd(house)
    crowd.start()

    crowd.wait_for(FIRST_KILL)
    house.kill(with_supervisor=False)  # it starts both again by itself
    crowd.wait_for(SECOND_KILL)
    house.kill()
    house.start("run")
    crowd.finish()

    assert crowd.troubles == []
    assert crowd.sent_again > 0, "nobody was disturbed: the kills came too late"
    assert len(set(crowd.tokens)) == REPORTS
    phone = Phone(house)
    assert {phone.get(f"/c/{token}/").status for token in crowd.tokens} == {200}
    found = house.ask("look")
    assert found["is_quiet"], house.log()
    assert (found["cases"], found["numbers"], found["retries"]) == (REPORTS, REPORTS, 0)
    assert found["events"]["cases.case.reported"] == REPORTS
    assert found["tallies"] == found["states"] == {"reported": REPORTS}
    assert found["most_of_one_notice"] == 1
    assert house.linli("verify") == 0


def test_the_same_sent_twice_or_again_after_a_lost_answer_is_one_case(house):
    house.start("serve")
    house.wait_until_open()
    phone, path = Phone(house), house.facts["report"]
    phone.get(path)

    # The same form from two tabs, pressed at the same moment, and by an impatient finger.
    key = str(new_id())
    answers = at_once(*[lambda: report(phone, path, key=key, text="井盖松了。")] * 4)
    assert len({answer.token for answer in answers}) == 1
    assert answers[0].token
    # The same words in two tabs that were opened on their own.
    answers = at_once(
        *[lambda one=one: report(phone, path, key=one, text="门禁坏了。") for one in two_keys()]
    )
    assert len({answer.token for answer in answers}) == 1
    # The answer is lost on the way; whoever sends again gets the first receipt.
    for number in range(10):
        key = str(new_id())
        other = Phone(house, address=f"10.0.2.{number}")
        other.get(path)
        typed = {"category": "rubbish", "text": f"路灯 {number} 不亮。", "go": "new"}
        other.post_and_hang_up(path, key=key, **typed)
        assert other.post(path, key=key, **typed).token

    house.start("worker")
    found = house.ask("look")
    assert (found["cases"], found["events"]["cases.case.reported"]) == (12, 12)


def test_a_flood_from_one_phone_is_told_and_the_house_behind_the_same_address_is_served(house):
    house.start("serve")
    house.wait_until_open()
    path = house.facts["report"]
    flooder, neighbour = Phone(house), Phone(house)
    for one in (flooder, neighbour):
        one.get(path)

    # Two web processes (PostgreSQL) count for themselves: sixteen may pass.
    answers = [
        report(flooder, path, key=str(new_id()), text=f"第 {number} 件事。") for number in range(24)
    ]

    assert {answer.status for answer in answers} == {302, 429}
    told = next(answer for answer in answers if answer.status == 429)
    assert "十分钟后再发" in told.body
    assert f"第 {answers.index(told)} 件事。" in told.body
    assert report(neighbour, path, key=str(new_id()), text="楼上漏水。").token


def test_what_was_missed_while_no_worker_ran_is_done_once_though_two_start_and_one_is_killed(house):
    house.ask("add_late_cases")
    house.start("worker")
    house.start("worker")
    time.sleep(3)
    house.kill()
    for _ in range(2):
        house.start("worker")
    first = house.ask("look")
    house.kill()
    house.start("worker")
    again = house.ask("look")

    assert first["is_quiet"], house.log()
    assert first["events"]["cases.case.late"] == 30
    assert first["events"]["cases.case.escalated"] >= 30
    assert first["most_of_one"]["cases.case.late"] == 1
    assert first["most_of_one"].get("cases.case.due_soon", 1) == 1
    assert first["most_of_one_notice"] == 1
    assert first["notices"]["cases.case.late"] > 0
    assert first["tallies"] == first["states"]
    assert (again["events"], again["notices"]) == (first["events"], first["notices"])
    assert house.linli("verify") == 0


def two_keys() -> list[str]:
    return [str(new_id()), str(new_id())]


def at_once(*works) -> list[Answer]:
    """Do several things at the same moment and return what came of each."""
    gate, found = threading.Barrier(len(works)), []

    def do(work) -> None:
        gate.wait()
        found.append(work())

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert len(found) == len(works)
    return found
