"""One-time codes: at once, at any hour, and kept nowhere."""

from datetime import timedelta

import pytest

from linli.kernel import jobs
from linli.kernel.models import Job
from linli.kernel.secrets import encrypt
from linli.messages.adapters import Unreachable
from linli.messages.models import Delivery
from linli.messages.tests.makers import MORNING, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(in_home):
    pass


def code_data(now):
    runs_out_at = (now + timedelta(minutes=5)).isoformat()
    return {
        "phone": encrypt("10000000009"), "code": encrypt("482913"), "expires_at": runs_out_at,
    }  # fmt: skip


def test_a_one_time_code_leaves_at_night_and_is_kept_nowhere(out):
    now = at(18, 23, 30)
    jobs.enqueue("messages.send_code", key="k1", due_at=now, data=code_data(now))
    jobs.run_jobs(now, is_external=True)
    (letter,) = out.letters
    assert letter.text == "验证码 482913，5 分钟内有效。不要告诉别人，社区的人也不会问您要。"
    assert (letter.address, letter.key) == ("10000000009", "linli-code-k1")
    delivery, job = Delivery.objects.select_related("notice").get(), Job.objects.get()
    assert (delivery.state, delivery.text, job.data) == ("sent", "", {})
    assert "482913" not in delivery.notice.body


def test_a_code_that_ran_out_before_it_could_leave_is_not_sent_late(out):
    out.default = Unreachable("连不上。", is_untouched=True)
    jobs.enqueue("messages.send_code", key="k1", due_at=MORNING, data=code_data(MORNING))
    for minutes in (0, 1, 6):
        jobs.run_jobs(MORNING + timedelta(minutes=minutes), is_external=True)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "验证码过期前没有发出。")
    assert out.letters == []
