"""Whose password or one-time codes were reset hears of it, and so does the security office."""

from datetime import UTC, datetime

import pytest

from linli.kernel import tenancy, worker
from linli.kernel.models import EventRow
from linli.messages.models import Notice
from linli.people import services
from linli.people.models import Account
from linli.people.tests.makers import PASSWORD

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def reset(cast, *, drops_totp: bool) -> None:
    Account.objects.filter(pk=cast.lin.account_id).update(totp_secret="JBSWY3DPEHPK3PXP")
    services.reset_password(
        account_id=cast.lin.account_id, drops_totp=drops_totp, actor=cast.lead, now=NINE
    )
    with tenancy.all_tenants():
        worker.tick(NINE)


def told(account_id) -> set[str]:
    return {notice.title for notice in Notice.objects.filter(account_id=account_id)}


@pytest.mark.parametrize("drops_totp", [True, False])
def test_a_reset_is_told_to_its_owner_and_the_security_office(cast, drops_totp):
    reset(cast, drops_totp=drops_totp)

    account = Account.objects.get(pk=cast.lin.account_id)
    assert account.has_totp is not drops_totp
    assert ("您的登录验证码被关掉了" in told(cast.lin.account_id)) is drops_totp
    assert "您的密码被重设了" in told(cast.lin.account_id)
    office = told(cast.security.account_id)
    assert any("登录验证码被关掉" in title for title in office) is drops_totp
    assert any("密码被重设" in title for title in office)
    events = EventRow.objects.filter(name="people.account.totp_changed")
    assert [event.data["is_reset"] for event in events] == [True] * drops_totp


def test_who_changes_their_own_password_is_told_nothing(cast):
    services.set_password(old=PASSWORD, new="Xin-de-mima-2026", actor=cast.lin, now=NINE)
    with tenancy.all_tenants():
        worker.tick(NINE)

    assert not Notice.objects.filter(account_id=cast.lin.account_id).exists()
