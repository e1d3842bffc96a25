"""What every test gets: the guard over its SQL, and two tenants, so that each has an outsider."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests import sqlguard

if TYPE_CHECKING:
    from linli.kernel.models import Tenant


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


def _make_tenant(code: str, name: str) -> "Tenant":
    from linli.kernel import clock
    from linli.kernel.models import Tenant

    return Tenant.objects.create(code=code, name=name, created_at=clock.now())
