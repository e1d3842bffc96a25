"""The town of the gates, and a lead elsewhere who may do everything there and nothing here."""

import pytest

from linli.cases.tests.makers import make_post, make_staff
from linli.kernel import tenancy
from linli.places.tests.makers import make_community
from tests.gates.town import EVERYTHING, Town, make_town


@pytest.fixture
def town(home, abroad, settings) -> Town:
    """Give every address something to show; the home tenant is set only while it is made."""
    settings.DEMO = True  # the page of components is for trying out
    with tenancy.tenant(abroad.pk):
        community = make_community("佳运社区", "510402009011")
        stranger = make_staff("吴", make_post("lead", community, EVERYTHING, code="away"))
    with tenancy.tenant(home.pk):
        return make_town(stranger)
