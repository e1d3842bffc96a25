"""A post changes hands with its cases; reporters are forgotten when their time is over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.cases.models import Case
from linli.cases.services import desk, forgetting, handling, leaving
from linli.cases.tests import makers as cases
from linli.kernel import clock
from linli.people.models import Contact
from linli.people.tests.makers import sign_in
from linli.posts import selectors as posts
from linli.posts import services
from linli.posts.models import Handover, Holding


@pytest.fixture
def world(in_home):
    return cases.make_neighbourhood()


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def in_lins_hands(world, **facts) -> Case:
    case = cases.make_case(world, **facts)
    now = clock.now()
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    return handling.take_case(case_id=case.pk, actor=world.lin, now=now)


def test_open_cases_are_on_the_list_and_go_to_who_comes(world):
    now = clock.now()
    case = in_lins_hands(world)
    coming = cases.make_staff("吴", world.grid_post)
    Holding.objects.filter(account_id=coming.account_id).delete()
    holding = Holding.objects.get(post=world.grid_post)
    services.end_holding(
        holding_id=holding.pk,
        ends_at=now + cases.DAY,
        incoming_id=coming.account_id,
        actor=world.lead,
        now=now,
    )
    row = Handover.objects.get()
    line = row.lines.get(source="cases")
    assert case.number in line.title
    assert line.due_at is not None
    services.sign_outgoing(handover_id=row.pk, actor=world.lin, now=now)
    services.sign_incoming(
        handover_id=row.pk,
        accepted=[line.pk],
        actor=posts.actor_of(coming.account_id, now),
        now=now,
    )
    for _again in range(2):
        leaving.pass_on(
            post_id=world.grid_post.pk,
            outgoing_id=world.lin.account_id,
            incoming_id=coming.account_id,
        )
    case.refresh_from_db()
    assert case.handler_account_id == coming.account_id
    assert case.assignments.get(ended_at=None).taken_by == coming.account_id


def test_of_a_confidential_case_the_list_says_its_number_only(world):
    case = in_lins_hands(world, text="三楼的老人独自在家。")
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    holding = Holding.objects.get(post=world.grid_post)
    now = clock.now()
    services.end_holding(holding_id=holding.pk, ends_at=now + cases.DAY, actor=world.lead, now=now)
    line = Handover.objects.get().lines.get(source="cases")
    assert line.title == f"{case.number} 保密工单"
    assert case.place_label not in line.note


def test_a_case_that_became_confidential_later_is_its_number_on_an_old_list_too(world):
    case = in_lins_hands(world, text="三楼的老人独自在家。")
    holding, now = Holding.objects.get(post=world.grid_post), clock.now()
    services.end_holding(holding_id=holding.pk, ends_at=now + cases.DAY, actor=world.lead, now=now)
    row = Handover.objects.get()
    line = row.lines.get(source="cases")
    assert "老人" in line.title
    services.sign_outgoing(
        handover_id=row.pk, remarks={line.pk: "老人怕生"}, actor=world.lin, now=now
    )
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    sheet = reverse("posts:handover_sheet", args=[row.pk])
    for address in (sheet, reverse("posts:handover", args=[row.pk])):
        shown = browser(world.lead).get(address).content.decode()
        assert f"{case.number} 保密工单" in shown
        assert line.title not in shown
        assert case.place_label not in shown
    Handover.objects.update(
        state="closed", closed_at=now, incoming_signed_at=now, incoming_signed_by=row.outgoing_id
    )
    assert "怕生" not in browser(world.lead).get(sheet).content.decode()


def test_reporters_of_old_cases_are_forgotten_and_those_of_lasting_ones_not(world):
    now = clock.now()
    old, lasting = cases.make_case(world), cases.make_case(world)
    names = Contact.objects.filter(pk__in=[old.reporter_id, lasting.reporter_id])
    whose = old.reporter_id
    assert whose
    Case.objects.filter(pk=old.pk).update(state="closed", closed_at=now, due_at=None, check_at=None)
    later = now + timedelta(days=9)
    assert forgetting.forget_reporters(now - cases.DAY, 50, "anonymise") == 0
    assert forgetting.forget_reporters(later, 50, "anonymise") == 1
    assert forgetting.forget_reporters(later, 50, "anonymise") == 0
    old.refresh_from_db()
    assert old.reporter_id is None
    is_shared = lasting.reporter_id == whose
    assert bool(Contact.objects.get(pk=whose).phone) == is_shared
    assert names.get(pk=lasting.reporter_id).phone
