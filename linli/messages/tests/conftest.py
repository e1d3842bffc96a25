"""What stories about sending share: the outside world in a list."""

import pytest

from linli.messages import tasks
from linli.messages.adapters import Receipt
from linli.messages.services import staff
from linli.messages.tests.makers import make_staff


@pytest.fixture
def out(monkeypatch):
    """The outside world in a list: what arrived; `answers` are taken one by one, then all is well."""

    class Outside:
        def __init__(self):
            self.letters, self.answers, self.default = [], [], Receipt(is_sent=True, reference="7")

        def carry(self, letter):
            answer = self.answers.pop(0) if self.answers else self.default
            if isinstance(answer, Exception):
                raise answer
            self.letters.append(letter)
            return answer

    world = Outside()
    monkeypatch.setattr(tasks.adapters, "carry", world.carry)
    return world


@pytest.fixture
def chief(monkeypatch):
    """Somebody who looks after the messages of the tenant."""
    account = make_staff("汤主任", "")
    monkeypatch.setattr(staff, "_keepers", lambda area_path, now: [account])
    return account
