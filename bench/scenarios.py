"""What the clients do: report from a door's code, open the queue, open a case, search two characters."""

import itertools
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import world
from bench.load import Client

Prepare = Callable[[Client], None]
Step = Callable[[Client], tuple[int, str]]
_texts = world.texts()
_sessions: dict[int, dict[str, str]] = {}
_addresses = itertools.count()


@dataclass(frozen=True)
class Scenario:
    """A name, how a client prepares and repeats it, and which answers are right."""

    name: str
    make: Callable[[dict[str, str]], tuple[Prepare, Step]]
    accepted: tuple[int, ...] = (200,)


def _report(facts: dict[str, str]) -> tuple[Prepare, Step]:
    path = f"/s/{facts['code']}/report/"

    def prepare(client: Client) -> None:
        client.get(path)

    def step(client: Client) -> tuple[int, str]:
        # Every report comes from another address and device, or the limits against floods would answer.
        client.address = (
            f"10.{next(_addresses) % 200}.{random.randrange(250)}.{random.randrange(250)}"
        )
        client.cookies = {k: v for k, v in client.cookies.items() if k == "csrftoken"}
        return client.post(
            path,
            {
                "category": facts["category"],
                "text": next(_texts),
                "phone": f"100{random.randrange(10**8):08d}",
                "key": str(uuid.uuid4()),
                "distinct": "1",
                "go": "send",
                "page": "all",
            },
        )

    return prepare, step


def _signed_in(path: str) -> Callable[[dict[str, str]], tuple[Prepare, Step]]:
    def make(facts: dict[str, str]) -> tuple[Prepare, Step]:
        def prepare(client: Client) -> None:
            # One session for all of a server's clients: the limit on signing in is not what is measured.
            known = _sessions.get(client.port)
            if known is None:
                client.get("/sign-in/")
                status, _text = client.post(
                    "/sign-in/", {"login": facts["login"], "password": world.PASSWORD}
                )
                if status != 302:
                    raise RuntimeError(f"The bench could not sign in: {status}")
                if client.port:
                    _sessions[client.port] = dict(client.cookies)
            else:
                client.cookies = dict(known)

        def step(client: Client) -> tuple[int, str]:
            return client.get(path.format(**facts))

        return prepare, step

    return make


def _search(facts: dict[str, str]) -> tuple[Prepare, Step]:
    # 垃圾、路灯、漏水 are in every tenth case, 开门 in hardly any and 8411 in a few.
    words: Any = itertools.cycle(
        [
            "%E5%9E%83%E5%9C%BE",
            "%E8%B7%AF%E7%81%AF",
            "%E6%BC%8F%E6%B0%B4",
            "%E5%BC%80%E9%97%A8",
            "8411",
        ]
    )
    prepare, _step = _signed_in("")(facts)

    def step(client: Client) -> tuple[int, str]:
        return client.get(f"/desk/cases/?tab=all&q={next(words)}")

    return prepare, step


def _open311(facts: dict[str, str]) -> tuple[Prepare, Step]:
    """Ask as another system does: the newest, those that are open, a month of two years ago."""
    paths: Any = itertools.cycle(
        f"/open311/v2/requests.{ext}?page_size=50{asked}"
        for asked in (
            "",
            "&status=open",
            f"&start_date={_days_ago(730)}&end_date={_days_ago(700)}&status=closed",
        )
        for ext in ("json", "xml")
    )

    def step(client: Client) -> tuple[int, str]:
        # Who has no key is limited by address.
        client.address = f"10.{random.randrange(250)}.{random.randrange(250)}.9"
        return client.get(next(paths))

    return lambda _client: None, step


def _api(facts: dict[str, str]) -> tuple[Prepare, Step]:
    """Ask for the queue as another system with a key does."""
    paths: Any = itertools.cycle(f"/api/v1/cases{asked}" for asked in ("", "?tab=all"))

    def prepare(client: Client) -> None:
        client.key = facts["key"]

    return prepare, lambda client: client.get(next(paths))


def _board(facts: dict[str, str]) -> tuple[Prepare, Step]:
    """Look at the board as everybody may: this week, a month, a week of last year, the feed."""
    # Folders that were filled before there was a board have the same community.
    at = facts.get("board", "home-659004003002")
    today = datetime.now(UTC).date()
    weeks_ago = today - timedelta(days=today.weekday() + 7 * 30)
    paths: Any = itertools.cycle(
        f"/board/{at}/{path}"
        for path in ("", f"month/{today:%Y-%m}/", f"week/{weeks_ago}/", "board.atom")
    )
    return lambda _client: None, lambda client: client.get(next(paths))


def _days_ago(days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def _cycled(*paths: str) -> Callable[[dict[str, str]], tuple[Prepare, Step]]:
    """Make a scenario of somebody signed in who opens one page after the other."""

    def make(facts: dict[str, str]) -> tuple[Prepare, Step]:
        prepare, _step = _signed_in("")(facts)
        asked = itertools.cycle(path.format(**facts) for path in paths)
        return prepare, lambda client: client.get(next(asked))

    return make


_THIS_YEAR = datetime.now(UTC).year
_AREA = "/desk/figures/{area}/"
# What is common, what is rare or not there at all, a page further on; of a month and of years.
_ROWS = (
    f"{_AREA}rows/received/",
    f"{_AREA}rows/received/?period={_THIS_YEAR}",
    f"{_AREA}rows/received/?period={_THIS_YEAR}&after={_THIS_YEAR}-05-12~" + "f" * 32,
    f"{_AREA}rows/resolved/?period={_THIS_YEAR - 1}",
    f"{_AREA}rows/overdue/",
    f"{_AREA}rows/reopened/?period={_THIS_YEAR - 1}",
    f"{_AREA}rows/response/?period={_THIS_YEAR - 1}&miss=1",
)
REPORT = Scenario("report", _report, accepted=(302,))
ALL = (
    Scenario("queue", _signed_in("/desk/cases/")),
    Scenario("case", _signed_in("/desk/cases/{case}/")),
    Scenario("search", _search),
    Scenario("figures", _cycled(_AREA, *(f"{_AREA}?period={_THIS_YEAR - n}" for n in (0, 1)))),
    Scenario("rows", _cycled(*_ROWS)),
    Scenario("board", _board),
    Scenario("open311", _open311),
    Scenario("api", _api),
    REPORT,
)
