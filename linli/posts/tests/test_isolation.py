"""Every route of the room as an outsider: what is not granted looks absent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linli.kernel import clock, tenancy
from linli.kernel.ids import new_id
from linli.kernel.models import Job
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.models import (
    AllowanceRule,
    Belonging,
    CalendarFeed,
    Handover,
    Holding,
    Post,
    Turn,
    TurnSwap,
)
from linli.posts.tests.makers import make_post, make_rule, stand_in
from linli.posts.urls import urlpatterns

# Each route, how it is asked, and the ids in its address.
ROUTES = {
    "posts": ("get", ()),
    "export": ("post", ()),
    "new_organisation": ("get", ()),
    "organisation": ("get", ("organisation",)),
    "organisation_ending": ("post", ("organisation",)),
    "new_post": ("get", ("organisation",)),
    "routing": ("get", ()),
    "new_rule": ("get", ()),
    "rule": ("get", ("rule",)),
    "rule_removal": ("post", ("rule",)),
    "holding_ending": ("get", ("holding",)),
    "post": ("get", ("post",)),
    "post_change": ("get", ("post",)),
    "post_ending": ("post", ("post",)),
    "holdings": ("post", ("post",)),
    "newcomers": ("post", ("post",)),
    "substitutions": ("post", ("post",)),
    "substitution_ending": ("post", ("post", "substitution")),
    "audit": ("get", ()),
    "operate": ("get", ()),
    "job_again": ("post", ("job",)),
    "event_again": ("post", ("event",)),
    "handovers": ("get", ()),
    "handover": ("get", ("handover",)),
    "handover_sheet": ("get", ("handover",)),
    "handover_successor": ("post", ("handover",)),
    "handover_signature": ("post", ("handover",)),
    "handover_keeping": ("post", ("handover",)),
    "handover_withdrawal": ("post", ("handover",)),
    "my_handover": ("get", ("handover",)),
    "my_handover_sheet": ("get", ("handover",)),
    "handover_outgoing": ("post", ("handover",)),
    "handover_incoming": ("post", ("handover",)),
    "allowances": ("get", ()),
    "allowance": ("get", ("allowance",)),
    "allowance_xlsx": ("get", ("allowance",)),
    "freezing": ("post", ("allowance",)),
    "allowance_ending": ("post", ("allowance",)),
    "duty_sheet": ("get", ("free",)),
    "my_duties": ("get", ("free",)),
    "acknowledgement": ("post", ("free",)),
    "stations": ("get", ()),
    "new_station": ("get", ()),
    "station": ("get", ("station",)),
    "station_change": ("get", ("station",)),
    "station_ending": ("post", ("station",)),
    "roster": ("post", ("station",)),
    "turns": ("post", ("station",)),
    "station_month": ("get", ("station",)),
    "members": ("post", ("station",)),
    "member_ending": ("post", ("station", "member")),
    "turn_ending": ("post", ("turn",)),
    "station_feed": ("post", ("station",)),
    "feed_ending": ("post", ("feed",)),
    "swap": ("get", ("turn",)),
    "swap_answer": ("post", ("swap",)),
    "swap_withdrawal": ("post", ("swap",)),
    "belongings": ("post", ("post",)),
    "belonging_ending": ("post", ("belonging",)),
}
# What every colleague opens: it shows their own things and nobody else's.
OWN = {
    "my_handovers": ("get", ()),
    "my_turns": ("get", ()),
    "own_feed": ("post", ()),
    "calendar": ("get", ("token",)),  # whoever has the secret
}
OFFICES = {
    "audit": "auditor",
    "operate": "operator",
    "job_again": "operator",
    "event_again": "operator",
}


@pytest.fixture
def ids(cast) -> dict:
    now = clock.now()
    post = Post.objects.get(code="lin-post")
    row = stand_in(
        post, make_account("甲"), make_account("乙"), now, now.replace(year=now.year + 1)
    )
    free = make_post(cast.office, "mediator", holder=make_account("丙"))
    leaving = Holding.objects.get(post=free)
    kept = Belonging.objects.create(post=free, kind="key", name="钥匙", created_at=now)
    job = Job.objects.create(task="x", key="x", due_at=now, created_at=now, parked_at=now)
    return {
        "organisation": cast.company.pk,
        "rule": make_rule(cast.community).pk,
        "post": post.pk,
        "holding": Holding.objects.get(post=post).pk,
        "substitution": row.pk,
        "job": job.pk,
        "event": new_id(),
        **station_things(cast, free.holdings.get().account, now),
        "free": free.pk,
        "allowance": AllowanceRule.objects.create(
            code="x",
            label="补贴",
            area=cast.community,
            role="desk",
            monthly_fen=1,
            starts_on=now.date(),
        ).pk,
        "belonging": kept.pk,
        "handover": Handover.objects.create(
            post=free, holding_id=leaving.pk, outgoing=leaving.account, leaves_at=now, opened_at=now
        ).pk,
    }


def station_things(cast, account, now) -> dict:
    sheet = services.StationSheet(
        name="服务站", area_id=cast.community.pk, seats=[("社区工作者", 2)]
    )
    station = services.create_station(sheet=sheet, actor=cast.lead, now=now)
    seat = selectors.seats_of(station.pk)[0]
    member = services.seat_member(seat_id=seat.id, account_id=account.pk, actor=cast.lead, now=now)
    day = timedelta(days=1)
    turn = Turn.objects.create(
        station=station, account=account, starts_at=now + day, ends_at=now + 2 * day, created_at=now
    )
    swap = TurnSwap.objects.create(
        turn=turn, asked_by=account, asked_of=make_account("丁"), asked_at=now
    )
    feed = CalendarFeed.objects.create(account=account, created_at=now)
    return {
        "feed": feed.pk,
        "station": station.pk,
        "member": member.pk,
        "turn": turn.pk,
        "swap": swap.pk,
    }


def ask(client: Client, name: str, ids: dict):
    method, wanted = ROUTES[name]
    path = reverse(f"posts:{name}", args=[ids[one] for one in wanted])
    return getattr(client, method)(path)


def test_every_route_is_listed():
    assert {route.name for route in urlpatterns} == set(ROUTES | OWN)


def test_whose_own_it_is_finds_nothing_of_others(cast, sign_in, ids):
    for name, words in (("my_handovers", "没有要交接的岗位"), ("my_turns", "没有排到您的班")):
        assert words in sign_in("lin").get(reverse(f"posts:{name}")).content.decode()
        assert sign_in("mei").get(reverse(f"posts:{name}")).status_code == 404


@pytest.mark.parametrize("who", ["lin", "mei", "desk", "property", "officer", "security"])
def test_without_the_duty_there_is_nothing(cast, sign_in, ids, who):
    client = sign_in(who)
    for name in ROUTES:
        assert ask(client, name, ids).status_code == 404, name


def test_the_offices_are_apart(cast, sign_in, ids):
    for name in ROUTES:
        for who in ("auditor", "operator", "lead"):
            is_theirs = OFFICES.get(name, "lead") == who
            if not is_theirs:
                assert ask(sign_in(who), name, ids).status_code == 404, (name, who)


@pytest.mark.parametrize("who", ["zhou", "away_lead"])
def test_an_outsider_finds_nothing(cast, sign_in, ids, who):
    client = sign_in(who)
    for name, (_method, wanted) in ROUTES.items():
        if wanted:
            assert ask(client, name, ids).status_code == 404, name


def test_an_outsiders_lists_show_only_their_own(cast, sign_in, ids):
    client = sign_in("away_lead")
    page = client.get(reverse("posts:posts")).content.decode()
    assert "佳运社区" in page
    assert "东城社区" not in page
    with tenancy.tenant(cast.away.pk):
        assert client.get(reverse("posts:posts") + f"?area={cast.community.pk}").status_code == 404


def test_nobody_is_asked_to_sign_in(cast, ids):
    for name in ROUTES:
        answer = ask(Client(), name, ids)
        assert answer.headers["Location"].startswith("/sign-in/?next="), name
