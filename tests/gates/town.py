"""Something real behind each id that an address of the product carries."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from linli.campaigns.tests.makers import campaign_things
from linli.care.tests import makers as care
from linli.cases.models import AnswerTemplate, Photo, SavedFilter
from linli.cases.services import bulk, desk, handling, mailboxes, telling
from linli.cases.tests import makers as cases
from linli.cases.tests.neighbours import TOKEN, call_things, follower_things, open311_things
from linli.cases.tests.test_resident_pages import photo
from linli.cases.tests.whistles import whistle_things
from linli.clients.tests.makers import make_key, make_webhook
from linli.field.tests.form_makers import form_things
from linli.field.tests.makers import field_things
from linli.indicators.tests import makers as figures
from linli.kernel import clock, ids, jobs, pictures, runs
from linli.kernel.actor import Actor
from linli.kernel.models import EventRow, Job, Retry
from linli.messages.models import Delivery, Notice, Robot
from linli.patrols.tests.town import patrol_things
from linli.people.tests.makers import make_account, sign_in
from linli.people.tests.town import register_things
from linli.places import services as places
from linli.places.tests.makers import manager
from linli.posts import selectors as posts
from linli.posts.models import Holding, PostDuty, RoutingRule, Substitution
from linli.posts.tests.neighbours import post_things
from linli.publishing import services as publishing
from linli.publishing.rules import periods
from linli.publishing.tests import makers as board

# All that anybody may be allowed: whoever holds it sees every page, and an outsider still none.
EVERYTHING = (
    "cases.view", "cases.dispatch", "cases.handle", "cases.arbitrate", "cases.approve",
    "cases.supervise", "cases.enter", "cases.confidential", "cases.configure", "posts.manage", "posts.roster",
    "places.manage", "places.plan", "people.reveal", "people.manage", "messages.manage", "kernel.calendar",
    "kernel.audit", "kernel.security", "kernel.operate", "publishing.write", "publishing.release",
    "patrols.walk", "patrols.view", "patrols.manage",
    "clients.manage", "indicators.configure", "cases.follow_up", "field.quarantine",
    "care.view", "care.visit", "care.manage", "people.register", "people.sensitive",
    "cases.whistle", "campaigns.view", "campaigns.work", "campaigns.manage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """The world of the gates: who may do everything here, who may do it elsewhere, what there is."""

    things: dict[str, Any]
    keeper: Actor
    stranger: Actor

    def browser(self, who: str) -> Client:
        """Return the browser of the keeper or the stranger."""
        actor: Actor = getattr(self, who)
        assert actor.account_id
        return sign_in(actor.account_id, actor.tenant_id)


def make_town(abroad_lead: Actor) -> Town:
    """Make a community in which every page has something to show. The home tenant is set."""
    world = cases.make_neighbourhood()
    for duty in set(EVERYTHING) - set(cases.LEAD):
        PostDuty.objects.create(post=_post_of(world.lead), duty=duty)
    keeper = cases.make_staff("高青", _post_of(world.lead))
    things = {
        **_places(world),
        **_cases(world),
        **call_things(world),
        **_staff(world, keeper),
        **post_things(world, keeper),
        **_messages(world, keeper),
        "run_id": _run(keeper),
        "mailbox_id": _mailbox(world, keeper),
        **_clients(world, keeper),
        **_figures(world, keeper),
        **_board(world, keeper),
        **whistle_things(world, keeper),
        **campaign_things(world, keeper),
        **care.town_things(world, keeper),
        **register_things(world, keeper),
        **field_things(keeper, clock.now()),
        **form_things(keeper, clock.now()),
    }
    things |= patrol_things(world, keeper, things["facility_id"])
    return Town(things=things, keeper=keeper, stranger=abroad_lead)


def _post_of(actor: Actor) -> Any:
    return Holding.objects.select_related("post").get(account_id=actor.account_id).post


def _places(world: SimpleNamespace) -> dict[str, Any]:
    from linli.places.tests.makers import make_entrance, make_facility

    raw = places.read_file("buildings", "x.csv", "小区,楼栋\n天山花园,9号楼".encode())
    waiting = places.prepare_import(
        community_id=world.community.pk,
        file_name="x.csv",
        raw=raw,
        actor=manager(),
        now=clock.now(),
    )
    return {
        "community_id": world.community.pk,
        "estate_id": world.estate.pk,
        "building_id": world.building.pk,
        "entrance_id": make_entrance(world.building).pk,
        "area_id": world.grid.pk,
        "code_id": world.door.pk,
        "facility_id": make_facility(world.building).pk,
        "import_id": waiting.pk,
        **_grid_plan(world),
        "what": "grids",
        "purpose": "care",
        "people:retention_rule": {"kind": "people.codes"},
        "kind": "geojson",
        "year": clock.now().year,
        "code": world.door.code,
        "community": f"home-{world.community.code}",
        **{f"places:{one}": {"area_id": world.community.pk} for one in ("area", "area_end")},
        "?places:stickers": f"?estate={world.estate.pk}",
        "?places:area_new": f"?parent={world.community.pk}",
    }


def _grid_plan(world: SimpleNamespace) -> dict[str, Any]:
    from linli.places.tests.makers import make_grid_plan

    plan, grid = make_grid_plan(world.community)
    return {"plan_id": plan.pk, "planned_id": grid.pk, "grid_id": world.grid.pk}


def _cases(world: SimpleNamespace) -> dict[str, Any]:
    now = clock.now()
    one = cases.make_case(world, at=now - cases.HOUR)
    with_photo = cases.make_case(world, at=now, text="单元门关不上。", key=TOKEN)
    folder = pictures.folder_of(with_photo.tenant_id, now)
    stored = pictures.store(pictures.clean(ContentFile(photo().read())), folder)
    shot = Photo.objects.create(
        case=with_photo, stage="report", path=stored.path, thumb_path=stored.thumb_path,
        width=640, height=480, sha256="", created_at=now,
    )  # fmt: skip
    desk.assign_case(case_id=with_photo.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    handling.take_case(case_id=with_photo.pk, actor=world.lin, now=now)
    handling.add_progress(case_id=with_photo.pk, text="看过了。", actor=world.lin, now=now)
    accepted = bulk.accept_many(case_ids=[one.pk], actor=world.desk, now=now)
    return {
        "case_id": with_photo.pk,
        "photo_id": shot.pk,
        "size": "thumb",
        "action": "note",
        "action_id": accepted.action_id,
        "token": telling.token_of(with_photo),
        "category_id": world.category.pk,
        "level_id": world.category.service_level_id,
        "template_id": AnswerTemplate.objects.create(title="已安排", text="已安排人处理。").pk,
        **open311_things(world, with_photo, shot),
        **follower_things(with_photo, shot),
    }


def _staff(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    now = clock.now()
    holding = Holding.objects.get(post=world.grid_post)
    away = Substitution.objects.create(
        post=world.grid_post,
        absent_id=world.lin.account_id,
        substitute_id=keeper.account_id,
        starts_at=now,
        ends_at=now + cases.DAY,
    )
    event = EventRow.objects.first()
    failed = Retry.objects.create(
        event=event, subscriber="x", due_at=now, parked_at=now, error="ValueError"
    )
    jobs.enqueue("messages.send", key="x", due_at=now)
    job = Job.objects.get(key="x")
    Job.objects.filter(pk=job.pk).update(parked_at=now)
    kept = SavedFilter.objects.create(
        account_id=keeper.account_id, name="晚的", query="due=late", created_at=now
    )
    return {
        "account_id": make_account("许", area_path=world.community.path).pk,
        "organisation_id": world.property_company.pk,
        "post_id": world.grid_post.pk,
        "holding_id": holding.pk,
        "substitution_id": away.pk,
        "rule_id": RoutingRule.objects.first().pk,
        "retry_id": failed.pk,
        "job_id": job.pk,
        "filter_id": kept.pk,
    }


def _run(keeper: Actor) -> Any:
    """A run that is done, with a file and a row that could not be taken."""

    def ring(run: runs.Running) -> None:
        run.error(3, "这一行没有日期。", "日期")
        run.result("清单.csv", "text/csv", [b"a"])

    runs.work("gates.ring")(ring)
    now = clock.now()
    run = runs.start("gates.ring", title="导出", data={}, actor=keeper, now=now, key="gates")
    return runs.carry_here(run, now, lambda: None).pk


def _board(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    """Release a case with a photo and a notice with a day, written by one and released by another."""
    now = clock.now()
    world.wen, world.fang = keeper, posts.actor_of(world.lead.account_id, now)
    done = board.make_resolved(world, at=now - 3 * cases.HOUR, with_photos=True)
    shown = publishing.prepare_case(case_id=done.pk, actor=keeper, now=now)
    meeting = board.make_article(world, "notice", event_starts_at=now + cases.DAY)
    for one in (shown, meeting):
        board.release(world, one, now=now)
    week = periods.period_of("week", clock.local(now).date())
    return {
        "article_id": shown.pk,
        "stage": "after",
        "span": "week",
        "start": week.start,
        "number": 1,
        "publishing:event": {"article_id": meeting.pk},
        "publishing:new": {"kind": "guide"},
    }


def _mailbox(world: SimpleNamespace, keeper: Actor) -> Any:
    """An old mailbox's file that was checked and waits to be confirmed."""
    now = clock.now()
    content = "编号,内容,时间\n1,门口路灯不亮,2024-09-26\n2,,昨天\n".encode()
    kept = mailboxes.prepare_mailbox(
        community_id=world.community.pk, source_name="书记信箱", file_name="信箱.csv",
        chunks=[content], actor=keeper, now=now,
    )  # fmt: skip
    run = mailboxes.check_mailbox(
        mailbox_id=kept.pk, columns=kept.columns, category_id=world.category.pk, actor=keeper,
        now=now, key="gates",
    )  # fmt: skip
    runs.carry_here(run, now, lambda: None)
    return kept.pk


def _messages(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    now = clock.now()
    robot = Robot.objects.create(
        organisation_id=world.property_company.pk, kind="wecom", name="物业群", address="https://x"
    )
    notice = Notice.objects.create(
        key=ids.new_id().hex, account_id=keeper.account_id, event_name="cases.case.late",
        area_path=world.community.path, title="已超时", body="请看一眼。", link="/desk/cases/",
        created_at=now,
    )  # fmt: skip
    delivery = Delivery.objects.create(
        notice=notice, channel="sms", line="sms", address="10012345678", address_hash="x",
        state="failed", settled_at=now, text="请看一眼。", due_at=now, give_up_at=now,
    )  # fmt: skip
    return {
        "robot_id": robot.pk,
        "notice_id": notice.pk,
        "delivery_id": delivery.pk,
        "event_name": "cases.case.reported",
        "audience": "desk",
        "channel": "page",
    }


def _clients(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    hook = make_webhook(keeper, world.community)
    return {"key_id": make_key(keeper, world.community).id, "webhook_id": hook, "act": "trial"}


def _figures(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    return {
        "figure": "received",
        "report_id": figures.make_report(world.community, keeper).pk,
        "goal_id": figures.make_goal(world.community).pk,
    }
