"""The examples in docs/connect*.md work as they stand there, against the running product."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from standardwebhooks import Webhook

from linli.care.models import Visit
from linli.care.tests.makers import make_cared_for
from linli.cases.models import Case
from linli.cases.tests.makers import make_case
from linli.clients.rules import payload
from linli.kernel import clock, memory, tenancy
from linli.kernel.models import Tenant
from linli.people.models import Person
from tests.api.world import make_world
from tests.architecture import house

PAGES = ("connect.md", "connect.en.md")
SECRET = "whsec_" + "bGlubGlsaW5saWxpbmxpbGlubGk="


def examples(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (house.ROOT / "docs" / page).read_text(), re.S)


@pytest.fixture
def surroundings(transactional_db, live_server):
    """Return what an example finds around it: the address, a key, codes of the community."""
    memory.forget_all()
    tenant = Tenant.objects.create(code="home", name="本区", created_at=clock.now())
    with tenancy.tenant(tenant.pk):
        world = make_world()
        cared_for = make_cared_for(world, world.lead, at=clock.now())
        for _number in range(27):
            make_case(world, at=clock.now())
        yield {
            **os.environ, "URL": live_server.url, "KEY": world.key,
            "CATEGORY": world.category.code, "CODE": world.door.code, "WEBHOOK_SECRET": SECRET,
            "HOME_ID": str(cared_for.home_id),
        }  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_the_page_work(page, surroundings):
    before = Case.objects.count()
    shell = examples(page, "sh")
    assert len(shell) == 2
    if shutil.which("curl"):
        for script in (*shell, shell[-1]):  # sent again, it is one case
            run(["sh", "-c", script], surroundings)
        assert Case.objects.count() == before + 1
    work, register, receive = examples(page, "python")
    run([sys.executable, "-c", f"{work}\n{register}"], surroundings)
    assert (Person.objects.count(), Visit.objects.count()) == (2, 1)
    assert not Case.objects.filter(state="reported").exists()
    now = clock.now()
    body = payload("cases.case.closed", now, "some-id", "1/", {"is_rated": True})
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", now, body.decode()),
    }
    told = run(
        [sys.executable, "-c", f"{receive}\nprint(receive({headers!r}, {body!r}))"], surroundings
    )
    assert told.strip() == "cases.case.closed some-id"


def run(words: list[str], surroundings: dict[str, str]) -> str:
    done = subprocess.run(
        words, env=surroundings, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_languages_show_the_same_examples():
    chinese, english = (examples(page, "sh") for page in PAGES)
    assert chinese == english
