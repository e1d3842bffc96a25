"""Patrols on a worker's phone: the points and doors of the day, looks that come in hours later."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases import selectors as cases
from linli.cases.services.photos import KeptPhoto
from linli.field.selectors import day
from linli.field.selectors.items import Choice, Item, ItemKind
from linli.field.services import submissions
from linli.field.services.submissions import Difference, Differs, Sent, Taken
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.patrols.events import PatrolSigned, PointChecked, RoundTaken
from linli.patrols.selectors import access, covenant, rounds, walking
from linli.patrols.selectors.lists import items_of_point, list_of_point
from linli.patrols.selectors.places import areas_to_walk, where_of_area
from linli.patrols.services import persuading
from linli.patrols.services import rounds as taking
from linli.patrols.services import walking as looks
from linli.patrols.services.answering import is_still_known
from linli.patrols.services.finding import Found
from linli.patrols.services.walking import Seen
from linli.posts.services import handover

CHECK: Final = "patrols.check"
ROUND: Final = "patrols.round"
PERSUASION: Final = "patrols.persuasion"
# Beside the list's own items.
FOUND, RESULT, SKIP, PHOTO, AFTER = "found", "result", "skip", "photo", "after"


day.ends("point", PointChecked.name, by="point_id", fits=lambda facts: not facts.get("is_skipped"))
day.ends("notice", RoundTaken.name, by="building_id")
day.ends("point", PatrolSigned.name)


@day.gives("patrols")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the points that are due and the doors of open rounds, joint routes and what waits for a
    signature; six queries, three more for the other side of a joint route.
    """
    return [
        *(_signing_card(one) for one in walking.to_sign(actor)),
        *(_joint_card(one) for one in walking.joint_of_day(actor, now)),
        *(_point_card(one, now) for one in walking.due_points(actor, now)),
        *(_house_card(one, now) for one in rounds.houses_of_day(actor, rounds.open_rounds(actor))),
    ]


@day.keeps("patrols")
def blank_forms(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the form of a kind word, for whoever walks."""
    choices = areas_to_walk(actor)
    clauses = covenant.clauses() if choices else []
    if not clauses:
        return []
    return [
        day.Card(
            key=PERSUASION, kind="point", title=_("文明劝导"),
            why=_("只记哪一条、在哪里、结果怎样，不记是谁"),
            link=reverse("patrols:field_persuade"), form=PERSUASION,
            items=(
                _choice("clause", _("公约哪一条"), ((str(c.pk), c.title) for c in clauses)),
                _choice("place", _("在哪里"), choices),
                _choice("outcome", _("结果"), covenant.OUTCOMES),
            ),
        )
    ]  # fmt: skip


@submissions.takes(CHECK, label=gettext_lazy("巡查"), reads=access.VIEW)
def take_check(sent: Sent) -> Taken:
    """Take a look at a point, or that it was passed over, by the services of the page.

    Where the list was changed meanwhile and an answer no longer fits, both stand side by side. A point that
    went to another grid meanwhile: the desk vouches for the look, then it counts in that grid's walk.
    """
    if sent.subject_id is None:
        raise BadInput(_("没有写明是哪个点。"))
    point = _point_of(sent.subject_id, sent.actor)
    link = reverse("patrols:field_point", args=[point.pk])
    reason = str(sent.answers.get(SKIP) or "").strip()
    common: dict[str, Any] = {"point_id": point.pk, "actor": sent.actor, "now": sent.now}
    if reason:
        looks.skip_point(reason=reason, at=sent.made_at, key=str(sent.id), **common)
        return Taken(link=link, words=_("记下了没看成的原因。"), subject_id=point.pk)
    _compare(point, sent, link)
    found = _found_of(sent)
    check = looks.check_point(
        seen=Seen(at=sent.made_at, answers=sent.answers, key=str(sent.id)), found=found,
        photos=_photos(sent, is_after=False),
        after=_photos(sent, is_after=True), **common,
    )  # fmt: skip
    words = _("看过了，都正常。") if check.is_fine else _("发现的问题已经立单。")
    return Taken(link=link, words=words, subject_id=point.pk)


@submissions.takes(ROUND, label=gettext_lazy("送通知"), reads=access.VIEW)
def take_round(sent: Sent) -> Taken:
    """Take the doors of a house that were ticked off."""
    if sent.subject_id is None:
        raise BadInput(_("没有写明是哪次送达。"))
    outcomes = {}
    for code, said in sent.answers.items():
        try:
            outcomes[UUID(hex=str(code).removeprefix("s"))] = str(said)
        except ValueError:
            continue  # an item of another form
    try:
        found = taking.take_stops(
            round_id=sent.subject_id, outcomes={key: one for key, one in outcomes.items() if one},
            at=sent.made_at, actor=sent.actor, now=sent.now,
        )  # fmt: skip
    except NotAllowed:
        raise NotAllowed(_went_to(_("别的网格"))) from None
    words = _("已送 %(n)d / %(all)d。") % {"n": found.done_count, "all": found.stop_count}
    return Taken(link=reverse("patrols:field_round", args=[found.pk]), words=words)


@submissions.takes(PERSUASION, label=gettext_lazy("文明劝导"), reads=access.VIEW)
def take_persuasion(sent: Sent) -> Taken:
    """Take a kind word that was written down offline."""
    clause, area = (_uuid(sent.answers.get(one)) for one in ("clause", "place"))
    if clause is None or area is None:
        raise BadInput(_("点一下是公约的哪一条、在哪里。"))
    persuading.record_persuasion(
        clause_id=clause, where=where_of_area(area), outcome=str(sent.answers.get("outcome", "")),
        at=sent.made_at, key=str(sent.id), actor=sent.actor, now=sent.now,
    )  # fmt: skip
    return Taken(link=reverse("patrols:field_persuade"), words=_("记下了。"))


@handover.gives("patrols")
def left_behind(leaving: handover.Leaving) -> list[handover.Line]:
    """Return the routes that a post walks: they stay with the post, the next one has to know them."""
    return [
        handover.Line(
            key=f"patrols.route:{one.pk}", kind=_("巡查路线"), title=one.name,
            note=_("%(n)d 个点") % {"n": one.point_count},
            link=reverse("patrols:route", args=[one.pk]),
        )
        for one in walking.routes_of_post(leaving.post_id)
    ]  # fmt: skip


def _point_of(point_id: UUID, actor: Actor) -> Any:
    try:
        return access.get_point(point_id, actor)
    except NotFound:
        grid = access.who_has(point_id, actor)
        if not grid:
            raise
        raise NotFound(_went_to(grid)) from None


def _went_to(grid: str) -> str:
    words = _("这里现在归%(grid)s。您做的记录在，社区核实收下就算数，不用再走一趟。")
    return words % {"grid": grid}


def _point_card(point: Any, now: datetime) -> day.Card:
    today, where = clock.local(now).date(), point.route.name
    seen = point.last_seen_at
    why = _("从没看过") if seen is None else _ago((today - clock.local(seen).date()).days)
    return day.Card(
        key=f"{CHECK}:{point.pk}", kind="point", title=point.name, why=f"{where} · {why}",
        place=point.name, link=reverse("patrols:field_point", args=[point.pk]),
        version=str(point.version), lat=point.lat, lon=point.lon,
        form=CHECK, subject_id=str(point.pk), list_code=list_of_point(point).code,
        items=(*items_of_point(point), *_more_items()),
    )  # fmt: skip


def _signing_card(patrol: Any) -> day.Card:
    return day.Card(
        key=f"patrols.signing:{patrol.pk}", kind="point", title=patrol.route.name,
        why=_("%(day)s 走完了，等您签字") % {"day": f"{patrol.day:%m-%d}"},
        link=reverse("patrols:field_walk", args=[patrol.pk]),
        facts=((_("看了"), f"{patrol.seen_count} / {patrol.point_count}"),),
    )  # fmt: skip


def _joint_card(line: Any) -> day.Card:
    return day.Card(
        key=f"patrols.joint:{line.route.pk}", kind="point", title=line.route.name,
        why=_("和网格员一起走，%(n)d 个点该看了") % {"n": line.due},
        link=reverse("patrols:field_route", args=[line.route.pk]),
    )  # fmt: skip


def _ago(days: int) -> str:
    return _("今天看过") if days <= 0 else _("%(n)d 天没看") % {"n": days}


def _more_items() -> tuple[Item, ...]:
    text, photo = ItemKind.TEXT, ItemKind.PHOTO
    return (
        Item(code=FOUND, label=_("发现了什么"), kind=text, hint=_("没有就空着")),
        Item(code=PHOTO, label=_("现场照片"), kind=photo),
        Item(code=RESULT, label=_("当场怎么办好的"), kind=text, hint=_("没有当场办就空着")),
        Item(code=AFTER, label=_("处理后照片"), kind=photo),
        Item(code=SKIP, label=_("没看成的原因"), kind=text, hint=_("看了就空着")),
    )


def _house_card(house: Any, now: datetime) -> day.Card:
    found, today = house.round, clock.local(now).date()
    return day.Card(
        key=f"{ROUND}:{found.pk}:{house.building_id}", kind="notice",
        title=_("送：%(what)s") % {"what": found.title},
        why=_("还有 %(n)d 个门没送，%(day)s 前送完") % {
            "n": house.left, "day": f"{found.due_on:%m-%d}",
        },
        place=house.label, link=reverse("patrols:field_round", args=[found.pk]),
        is_late=found.due_on < today, form=ROUND, subject_id=str(found.pk),
        facts=((_("内容"), found.text),) if found.text else (),
        items=tuple(
            _choice(f"s{one.pk.hex}", one.label, rounds.OUTCOMES)
            for one in house.stops
            if one.done_at is None or one.outcome == "closed"
        ),
    )  # fmt: skip


def _choice(code: str, label: Any, choices: Iterable[tuple[str, Any]]) -> Item:
    return Item(
        code=code, label=str(label), kind=ItemKind.CHOICE,
        choices=tuple(Choice(code=value, label=str(words)) for value, words in choices),
    )  # fmt: skip


def _compare(point: Any, sent: Sent, link: str) -> None:
    if sent.base_version in ("", str(point.version)):
        return
    differences = [
        Difference(
            name=item.code, label=item.label, base="", sent=str(sent.answers[item.code]),
            here="、".join(one.label for one in item.choices) or _("这一条改过了"),
        )
        for item in items_of_point(point)
        if sent.answers.get(item.code) not in (None, "")
        and not is_still_known(item, sent.answers[item.code])
    ]  # fmt: skip
    if differences:
        raise Differs(tuple(differences), link=link, version=str(point.version))


def _found_of(sent: Sent) -> Found | None:
    text, result = (str(sent.answers.get(one) or "").strip() for one in (FOUND, RESULT))
    if not (text or result):
        return None
    category = _category(sent.answers.get("category"))
    return Found(text=text, category_id=category, is_settled=bool(result), result=result)


def _category(code: Any) -> UUID | None:
    return next((one.pk for one in cases.active_categories() if one.code == code), None)


def _photos(sent: Sent, *, is_after: bool) -> tuple[KeptPhoto, ...]:
    return tuple(
        KeptPhoto(one.path, one.thumb_path, one.width, one.height, one.sha256)
        for code, one in sent.photos
        if (code == AFTER) == is_after
    )


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
