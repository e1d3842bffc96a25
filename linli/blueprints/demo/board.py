"""The board in the demo: guides are released, notices written, and every week some cases picked."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.blueprints.demo import doors, words
from linli.blueprints.demo.world import Action, World
from linli.cases.selectors import board as shown
from linli.kernel import clock, worktime
from linli.kernel.actor import Actor
from linli.publishing import services
from linli.publishing.selectors import desk
from linli.publishing.services import ArticleSheet

if TYPE_CHECKING:
    from linli.places.models import Area
    from linli.publishing.models import Article

# The community that the doors lead to has more on its board than the others.
NOTICES, WEEKS, PICKED = (4, 2), (5, 2), (4, 2)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def plan(world: World, areas: "Iterable[Area]") -> None:
    """Let people write for the boards of the communities that live in the demo."""
    main = doors.main_community()
    for area in areas:
        rank = 0 if main and area.pk == main.pk else 1
        world.at(_working(world, world.start + 2 * DAY), _release_guides(world, area))
        world.at(_working(world, world.now - 3 * DAY), _write_notices(world, area, rank))
        for week in range(WEEKS[rank]):
            world.at(_lately(world, 7 * week * DAY), _pick(world, area, PICKED[rank]))


def _working(world: World, moment: datetime) -> datetime:
    """Return a moment within working hours. Not of the world's own dice: lives go on as without it."""
    return worktime.add_working_time(moment, timedelta(minutes=20), world.calendar)


def _lately(world: World, ago: timedelta) -> datetime:
    """Return the last moment within working hours that so much time has passed since, or more."""
    moment = world.now - ago - 2 * HOUR
    while (found := _working(world, moment)) > world.now - ago:
        moment -= 12 * HOUR
    return found


def _release_guides(world: World, area: "Area") -> Action:
    """Return the action of the lead who looks over the guides that the blueprint brought."""

    def look_over(at: datetime) -> None:
        _writer, releaser = _people(world, area, at)
        asked = desk.Asked(kind="guide", state="submitted", community_id=area.pk)
        if releaser is not None:
            for article in desk.articles(asked, releaser).rows:
                _release(article, releaser, at)

    return look_over


def _write_notices(world: World, area: "Area", rank: int) -> Action:
    def write(at: datetime) -> None:
        for own in words.board()["notices"][-NOTICES[rank] :]:
            _write(world, area, "notice", _notice(own, area, world.now), at)

    return write


def _notice(own: dict[str, Any], area: "Area", now: datetime) -> ArticleSheet:
    today = clock.local(now).replace(minute=0, second=0, microsecond=0)
    facts: dict[str, Any] = {"title": own["title"], "text": _local(own["text"], area)}
    if "hours" in own:
        day = today + timedelta(days=own["after"])
        first, last = own["hours"]
        facts |= {
            "event_starts_at": day.replace(hour=first),
            "event_ends_at": day.replace(hour=last),
            "event_place": own["place"],
            "valid_until": day.date(),
        }
    else:
        facts["valid_until"] = (today + timedelta(days=own["days"])).date()
    return ArticleSheet(**facts)


def _local(text: str, area: "Area") -> str:
    return text.replace("{社区}", area.name).replace("{电话}", area.phone or "社区")


def _pick(world: World, area: "Area", most: int) -> Action:
    """Return the action of a Friday: some of the week's cases go onto the board."""

    def pick(at: datetime) -> None:
        writer, releaser = _people(world, area, at)
        if writer is None or releaser is None:
            return
        rows = desk.candidates(area.pk, writer, at)
        done = [one for one in rows if one.as_kind == "resolved"]
        done.sort(key=lambda one: -min(one.photo_count, 2))  # before and after first
        not_done = [one for one in rows if one.as_kind == "declined"]
        for case in [*done[:most], *not_done[: most // 2]]:
            article = services.prepare_case(case_id=case.pk, actor=writer, now=at)
            services.submit_article(article_id=article.pk, actor=writer, now=at)
            _release(article, releaser, at)

    return pick


def _write(world: World, area: "Area", kind: str, sheet: ArticleSheet, at: datetime) -> None:
    writer, releaser = _people(world, area, at)
    if writer is None or releaser is None:
        return
    article = services.write_article(
        sheet=sheet, kind=kind, community_id=area.pk, actor=writer, now=at
    )
    services.submit_article(article_id=article.pk, actor=writer, now=at)
    _release(article, releaser, at)


def _people(world: World, area: "Area", at: datetime) -> tuple[Actor | None, Actor | None]:
    staff = world.staff
    return staff.in_role("desk", area.path, at), staff.in_role("lead", area.path, at)


def _release(article: "Article", releaser: Actor, at: datetime) -> None:
    seen = desk.get_article(article.pk, releaser)
    checked = desk.check_texts(seen, desk.names_behind(seen))
    services.release_article(
        article_id=article.pk,
        masked={one.found for text in checked for one in text.findings},
        kept=(),
        is_looked_over=True,
        actor=releaser,
        now=at,
    )


def tidy(world: World) -> None:
    """Take down what went on since: in the demo's past nobody listened to events."""
    for article in desk.reachable(world.staff.system).filter(case__isnull=False, state="released"):
        if article.case_id and not shown.may_be_shown(article.case_id):
            services.withdraw_case(
                case_id=article.case_id, reason="这件事后来又办了", actor=world.staff.system,
                now=world.now,
            )  # fmt: skip
