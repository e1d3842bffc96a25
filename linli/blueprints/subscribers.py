"""What the other rooms learn from blueprints at start: the demo's accounts, for the sign-in page."""

from functools import cache

from linli.blueprints import selectors
from linli.people import services as people
from linli.people.selectors import DemoAccount


@cache
def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the demo's staff accounts, community by community; read once, for the demo stays."""
    return tuple(
        DemoAccount(group=group, label=label, login=login, password=password)
        for group, label, _path, login, password in selectors.demo_doors()[1:]  # after its head
        if login
    )


people.register_demo_accounts(demo_accounts)
