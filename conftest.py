"""What every test gets: the guard over its SQL, and two tenants, so that each has an outsider."""

import gc
import os
import shutil
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import pattern, sqlguard

if TYPE_CHECKING:
    from linli.kernel.models import Tenant
    from tests.cast import Cast, SignIn


# Examples may take as long as a loaded machine needs, and are the same in every run.
hypothesis.settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Migrate the pattern while the processes of xdist still collect; a test that is sooner waits."""
    config = session.config
    is_first = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if is_first and not config.option.collectonly:
        threading.Thread(target=_make_pattern, name="pattern").start()


def _make_pattern() -> str:
    from django.conf import settings

    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return pattern.database(os.environ["DATABASE_URL"])
    return str(pattern.file())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what never asks a database: it ran on SQLite (`make check`)."""
    from django.conf import settings

    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        return
    asking = {"db", "transactional_db", "live_server", "django_db_setup"}
    kept, left = [], []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        # Above the rooms, tests start processes with a database of their own.
        is_above = item.nodeid.startswith("tests/") and "/architecture/" not in item.nodeid
        is_asking = is_above or "django_db" in item.keywords or bool(names & asking)
        (kept if is_asking else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def pytest_collection_finish() -> None:
    """Let Python's collector pass over all that was imported: it stays until the end."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Remove the data folder of config.settings_test: a worker of xdist ends without `atexit`."""
    from django.conf import settings

    if settings.configured and settings.DATA_DIR.name.startswith("linli-test-"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the test database as a copy of the migrated one; Django finds nothing left to migrate."""
    from django.conf import settings

    own = settings.DATABASES["default"]
    if "postgresql" in own["ENGINE"]:
        own["TEST"]["TEMPLATE"] = _make_pattern()
        pattern.empty_quickly()
    else:
        shutil.copyfile(_make_pattern(), own["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the copy that was laid out (SQLite); it goes with the folder of the test's data."""
    from django.conf import settings

    return "postgresql" not in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture(scope="session", autouse=True)
def _sql_guard_installed() -> None:
    sqlguard.install()


@pytest.fixture(autouse=True)
def _sql_guard() -> Iterator[None]:
    """Fail the test that sent an unscoped statement, also when its code swallowed the refusal."""
    sqlguard.offences.clear()
    yield
    if sqlguard.offences:
        found = "\n".join(sqlguard.offences)
        sqlguard.offences.clear()
        pytest.fail(f"Statements that are not scoped to a tenant:\n{found}", pytrace=False)


@pytest.fixture(autouse=True)
def _fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the process remembers: the rows it came from went with the test before.

    And let limits see one moment: nobody's turns come back while a slow machine still counts them. Nor
    does it part what the worker does together in a short while.
    """
    from linli.kernel import calendar, jobs, memory, outbox, throttle
    from linli.places.selectors import forget_communities

    memory.forget_all()
    throttle.forget()
    moment = time.monotonic()
    monkeypatch.setattr(throttle, "time", SimpleNamespace(monotonic=lambda: moment))
    calendar.forget()
    forget_communities()
    for part in (jobs, outbox):
        monkeypatch.setattr(part, "BATCH_SECONDS", 3600.0)


@pytest.fixture
def home(db: None) -> "Tenant":
    """Return the tenant in which a story happens."""
    return _make_tenant("home", "本区")


@pytest.fixture
def abroad(db: None) -> "Tenant":
    """Return another tenant, whose people are outsiders."""
    return _make_tenant("away", "邻区")


@pytest.fixture
def in_home(home: "Tenant") -> Iterator["Tenant"]:
    """Set the tenant in which a story happens, for the whole test."""
    from linli.kernel import tenancy

    with tenancy.tenant(home.pk):
        yield home


@pytest.fixture
def cast(home: "Tenant", abroad: "Tenant") -> Iterator["Cast"]:
    """Return the named world, the home tenant set for the whole test."""
    from linli.kernel import tenancy
    from tests.cast import make_cast

    world = make_cast(home, abroad)
    with tenancy.tenant(home.pk):
        yield world


@pytest.fixture
def sign_in(cast: "Cast") -> "SignIn":
    """Return what opens a browser for somebody of the cast: `sign_in("zhou").get(…)`."""
    return cast.client


def _make_tenant(code: str, name: str) -> "Tenant":
    from linli.kernel import clock
    from linli.kernel.models import Tenant

    return Tenant.objects.create(code=code, name=name, created_at=clock.now())
