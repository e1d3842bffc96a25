"""Keys: made by who may, shown once, good for what they say, gone when they are ended."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from linli.clients import selectors, services
from linli.clients.errors import BadKey, KeyEnded
from linli.clients.models import ApiKey
from linli.clients.services import KeySheet
from linli.clients.tests.makers import make_key
from linli.kernel import clock, events, tenancy
from linli.kernel.actor import ActorKind, Grant
from linli.kernel.errors import BadInput, NotFound
from linli.posts.errors import BeyondOwnRights

DAY = timedelta(days=1)


def sheet(cast, **facts) -> KeySheet:
    usual = {
        "name": "热线平台", "duties": ["cases.view"], "area_ids": [cast.community.pk],
        "expires_at": clock.now() + DAY,
    }  # fmt: skip
    return KeySheet(**usual | facts)


def test_a_key_becomes_an_actor_with_its_duties_over_its_places(cast):
    made = make_key(cast.lead, cast.community, ("cases.view", "cases.dispatch"))
    with tenancy.no_tenant():
        caller = services.open_door(made.text, clock.now())
    assert caller.tenant == cast.home
    actor = caller.actor
    assert (actor.kind, actor.client_id, actor.account_id) == (ActorKind.CLIENT, made.id, None)
    assert actor.can("cases.dispatch", cast.grid.path)
    assert not actor.can("cases.dispatch", "999/")
    assert not actor.can("cases.handle", cast.grid.path)


def test_the_key_itself_is_kept_nowhere(cast):
    made = make_key(cast.lead, cast.community)
    row = ApiKey.objects.get(pk=made.id)
    assert made.text.startswith(f"lk_home_{row.prefix}")
    assert made.text not in str(vars(row))
    assert [event.name for event in events.timeline(made.id)] == ["clients.key.made"]
    assert made.text not in str([event.data for event in events.timeline(made.id)])


def test_a_key_for_one_organisation_sees_only_what_it_is_handed(cast):
    made = make_key(cast.lead, cast.community, organisation_id=cast.company.pk)
    actor = services.open_door(made.text, clock.now()).actor
    assert actor.organisation_ids == {cast.company.pk}
    assert not actor.can("cases.view", cast.community.path)


@pytest.mark.parametrize(
    "text", ["", "lk_home_", "lk_nowhere_" + "a" * 40, "Bearer", "lk__x", "锁"]
)
def test_what_is_no_key_opens_nothing(cast, text):
    with pytest.raises(BadKey):
        services.open_door(text, clock.now())


def test_one_wrong_letter_opens_nothing(cast):
    made = make_key(cast.lead, cast.community)
    other = "a" if made.text[-1] != "a" else "b"
    with pytest.raises(BadKey):
        services.open_door(made.text[:-1] + other, clock.now())


def test_an_expired_key_opens_nothing_and_a_revoked_one_neither(cast):
    now = clock.now()
    made = make_key(cast.lead, cast.community, now=now, expires_at=now + DAY)
    services.open_door(made.text, now + DAY - timedelta(seconds=1))
    with pytest.raises(BadKey):
        services.open_door(made.text, now + DAY)
    services.revoke_key(key_id=made.id, actor=cast.lead, now=now)
    with pytest.raises(BadKey):
        services.open_door(made.text, now)
    with pytest.raises(KeyEnded):
        services.revoke_key(key_id=made.id, actor=cast.lead, now=now)


def test_last_use_is_written_once_a_minute(cast, django_assert_num_queries):
    now = clock.now()
    made = make_key(cast.lead, cast.community, now=now)
    services.open_door(made.text, now)
    with django_assert_num_queries(1):
        services.open_door(made.text, now + timedelta(seconds=59))
    services.open_door(made.text, now + timedelta(seconds=61))
    assert ApiKey.objects.get().used_at == now + timedelta(seconds=61)


@pytest.mark.parametrize(
    "facts",
    [
        {"duties": []}, {"duties": ["kernel.security"]}, {"area_ids": []}, {"name": " "},
        {"per_minute": 0}, {"days": 0}, {"days": 4000},
    ],
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_not_made(cast, facts):
    days = facts.pop("days", 1)
    with pytest.raises(BadInput):
        services.make_key(
            sheet=sheet(cast, expires_at=clock.now() + days * DAY, **facts),
            actor=cast.lead,
            now=clock.now(),
        )


def test_nobody_hands_out_what_they_lack_or_where_they_are_nobody(cast):
    with pytest.raises(BeyondOwnRights):
        make_key(cast.lead, cast.community, ("cases.confidential",))
    with pytest.raises(NotFound):
        make_key(cast.desk, cast.community)
    with pytest.raises(NotFound):
        make_key(cast.lead, cast.away_community)
    with pytest.raises(NotFound):
        make_key(cast.lead, cast.community, organisation_id=cast.bureau.pk)


def test_a_key_for_an_organisation_covers_all_that_it_is_handed(cast):
    duties = ("clients.manage", "cases.view")
    chief = replace(cast.lead, grants=tuple(Grant(duty, "") for duty in duties))
    with pytest.raises(BadInput) as refusal:
        make_key(chief, cast.community, organisation_id=cast.bureau.pk)
    assert refusal.value.field == "areas"
    assert make_key(chief, cast.bureau.area, organisation_id=cast.bureau.pk).text


def test_another_communitys_lead_finds_no_key(cast):
    made = make_key(cast.lead, cast.community)
    with tenancy.tenant(cast.away.pk), pytest.raises(NotFound):
        selectors.get_key(made.id, cast.away_lead)


def test_the_page_makes_a_key_shows_it_once_and_lists_its_head(cast, sign_in):
    lead = sign_in("lead")
    filled = {
        "name": "热线平台", "areas": [cast.community.pk], "duties": ["cases.view", "cases.enter"],
        "expires_on": (clock.local(clock.now()) + DAY).date(), "per_minute": 60, "organisation": "",
        "key": str(uuid4()),
    }  # fmt: skip
    shown = lead.post(reverse("clients:new_key"), filled)
    # Pressed twice, the second answer is the one that stays: one key, and the same text.
    again = lead.post(reverse("clients:new_key"), filled).content.decode()
    key = ApiKey.objects.get()
    (text,) = set(re.findall(rf"lk_home_{key.prefix}\w{{32}}", again))
    assert text in shown.content.decode()
    assert f"lk_home_{key.prefix}" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    page = lead.get(reverse("clients:keys")).content.decode()
    assert f"{key.prefix}…" in page
    assert f"lk_home_{key.prefix}" not in page
    assert "还没有用过" in page
    assert services.open_door(text, clock.now()).actor.client_id == key.pk
    assert "不再显示" in lead.post(reverse("clients:new_key"), filled).content.decode()
    ended = lead.post(reverse("clients:key_ending", args=[key.pk]))
    assert ended.status_code == 302
    assert "停用和过期的 1 把" in lead.get(reverse("clients:keys")).content.decode()


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(cast, sign_in):
    answer = sign_in("lead").post(reverse("clients:new_key"), {"name": "平台"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "至少选一项能做的事。" in page
    assert 'value="平台"' in page


def test_somebody_without_the_duty_finds_no_page(cast, sign_in):
    for name in ("clients:keys", "clients:new_key"):
        assert sign_in("desk").get(reverse(name)).status_code == 404
