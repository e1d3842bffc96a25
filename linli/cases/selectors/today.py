"""Cases in hand as cards of a field worker's day, and the blank form of a report."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.models import Case, Category, Photo, PhotoStage
from linli.cases.selectors.hands import InHand, Task
from linli.field.selectors.day import Card
from linli.field.selectors.items import Choice, Item, ItemKind

# How many photos a card carries: what was reported, not what was done since.
MOST_PHOTOS: Final = 3
# What a case's card asks for without a network.
PROGRESS: Final = (
    Item(
        code="step",
        label=_("这次是"),
        kind=ItemKind.CHOICE,
        choices=(
            Choice(code="progress", label=_("说说进展")),
            Choice(code="done", label=_("办好了")),
        ),
        is_required=True,
    ),
    Item(
        code="text",
        label=_("做了什么"),
        kind=ItemKind.TEXT,
        is_required=True,
        hint=_("居民会看到，写清楚一两句。"),
    ),
    Item(code="after", label=_("现场照片"), kind=ItemKind.PHOTO),
)

# The same before it is taken.
TAKING: Final = (
    Item(
        code="step",
        label=_("这次是"),
        kind=ItemKind.CHOICE,
        choices=(Choice(code="take", label=_("接单")), *PROGRESS[0].choices),
        is_required=True,
    ),
    replace(PROGRESS[1], is_required=False, hint=_("只接单可以不写。写的居民会看到。")),
    PROGRESS[2],
)


def cards_of(tasks: Iterable[Task]) -> list[Card]:
    """Return cases in hand as cards, with their words, so that they can be read without a network."""
    found = list(tasks)
    more = _more_of([task.id for task in found])
    photos = photos_of([task.id for task in found])
    return [
        _card(task, *more.get(task.id, ("", None, None)), _shown(task.id, photos[task.id]))
        for task in found
    ]


def kept_of(found: InHand) -> list[Card]:
    """Return what stands beside one's own list, as cards to keep: what waits to be taken, with a form;
    what colleagues have and what waits for its reporter, to be read.
    """
    tasks = [*found.waiting, *found.others, *found.resolved]
    return [
        replace(card, items=TAKING)
        if task.is_new
        else replace(card, form="", items=(), why=task.who or task.state_label)
        for task, card in zip(tasks, cards_of(tasks), strict=True)
    ]


def photos_of(case_ids: list[UUID]) -> defaultdict[UUID, list[UUID]]:
    """Return the photos that say what is the matter, the first few of each case; one query."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    if case_ids:
        rows = Photo.objects.filter(case_id__in=case_ids).exclude(stage=PhotoStage.AFTER)
        for case_id, pk in rows.order_by("id").values_list("case_id", "pk"):
            if len(found[case_id]) < MOST_PHOTOS:
                found[case_id].append(pk)
    return found


def _shown(case_id: UUID, photos: Iterable[UUID]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (reverse("cases:field_photo", args=[case_id, pk, "thumb"]), str(_("现场照片")))
        for pk in photos
    )


def _more_of(ids: list[UUID]) -> dict[UUID, tuple[str, float | None, float | None]]:
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "text", "lat", "lon")
    return {pk: (text, lat, lon) for pk, text, lat, lon in rows} if ids else {}


def _why(task: Task) -> str:
    if task.is_new:
        return _("等您接单")
    if task.tone == "late":
        return _("已超时，先办这件")
    if task.is_stopped:
        return _("挂起中，到时候接着办")
    if task.reopen_count:
        return _("居民不满意，重办")
    if task.urge_count:
        return _("居民催过 %(n)d 次") % {"n": task.urge_count}
    return _("在我手上")


def _card(
    task: Task,
    text: str,
    lat: float | None,
    lon: float | None,
    photos: tuple[tuple[str, str], ...],
) -> Card:
    return Card(
        key=f"case:{task.id}",
        kind="case",
        title=task.title,
        why=_why(task),
        place=task.place,
        link=reverse("cases:field_case", args=[task.id]),
        version=str(task.version),
        due_at=task.due_at,
        is_late=task.tone == "late",
        is_urgent=task.is_urgent,
        lat=lat,
        lon=lon,
        form="" if task.is_stopped else "cases.progress",
        subject_id=str(task.id),
        facts=tuple(
            (label, said)
            for label, said in (
                (_("反映的事"), text),
                (_("编号"), task.number),
                (_("类别"), task.category),
                (_("为什么派给我"), task.why),
            )
            if said
        ),
        photos=photos,
        items=() if task.is_stopped else PROGRESS,
        done_if=("step", "done"),
    )


def blank_report(choices: Iterable[tuple[str, str]], categories: Iterable[Category]) -> Card:
    """Return the blank form of a report: what, where, a sentence, photos."""
    kinds = [one for one in categories if not one.is_confidential]
    return Card(
        key="cases.report",
        kind="case",
        title=_("上报一件事"),
        why=_("路上看到什么，先记在手机上，有信号就报上去。"),
        link=reverse("cases:field_report"),
        form="cases.report",
        items=(
            Item(
                code="category",
                label=_("是什么"),
                kind=ItemKind.CHOICE,
                choices=tuple(Choice(code=str(one.pk), label=one.name) for one in kinds),
                is_required=True,
            ),
            Item(
                code="text",
                label=_("看到了什么"),
                kind=ItemKind.TEXT,
                is_required=True,
                hint=_("例如：2 单元门前堆了纸箱，挡住消防通道。"),
            ),
            Item(
                code="place",
                label=_("在哪里"),
                kind=ItemKind.CHOICE,
                choices=tuple(Choice(code=value, label=label) for value, label in choices),
                is_required=True,
            ),
            Item(code="spot", label=_("具体位置"), kind=ItemKind.TEXT),
            Item(code="is_urgent", label=_("加急"), kind=ItemKind.YES_NO),
            Item(code="photos", label=_("现场照片"), kind=ItemKind.PHOTO),
        ),
    )
