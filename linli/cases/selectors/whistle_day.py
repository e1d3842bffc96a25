"""Parts of whistles as cards of a field worker's day, and as lines of a handover."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.models import PartState, WhistlePart
from linli.cases.selectors import whistles
from linli.cases.selectors.today import photos_of
from linli.field.selectors.day import Card
from linli.field.selectors.items import Choice, Item, ItemKind
from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.posts.services import handover

FORM: Final = "cases.whistle"
_NEXT: Final = {
    PartState.CALLED: _("报到"), PartState.REPORTED: _("到场"), PartState.ARRIVED: _("办结"),
    PartState.DONE: _("办结整件"),
}  # fmt: skip


def cards(actor: Actor, now: datetime) -> list[Card]:
    """Return what the actor's organisations still owe to whistles."""
    parts = list(whistles.my_parts(actor))
    photos = photos_of([part.whistle.case_id for part in parts])
    return [_card(part, now, photos[part.whistle.case_id]) for part in parts]


def _card(part: WhistlePart, now: datetime, photos: list[UUID]) -> Card:
    case = part.whistle.case
    step = str(_NEXT[PartState(part.state)])
    is_late = whistles.late_since(part, now)
    why = _("吹哨超时了，马上%(step)s") if is_late else _("社区吹哨，等我们%(step)s")
    return Card(
        key=f"cases.whistle:{part.pk}",
        kind="case",
        title=case.title if part.is_lead else masking.mask_text(case.title),
        why=why % {"step": step},
        place=f"{case.place_label}，{case.spot}" if case.spot else case.place_label,
        link=reverse("cases:field_whistle", args=[part.pk]),
        version=str(part.version),
        due_at=part.due_at,
        is_late=is_late,
        is_urgent=case.is_urgent,
        lat=case.lat,
        lon=case.lon,
        form="" if part.state == PartState.DONE else FORM,
        subject_id=str(part.pk),
        facts=(
            (_("编号"), case.number),
            (_("来办什么"), part.task or part.whistle.words),
            (_("反映的事"), masking.mask_text(case.text)),
            (_("我们"), _("牵头") if part.is_lead else _("协办")),
        ),
        photos=tuple(
            (reverse("cases:field_whistle_photo", args=[pk, "thumb"]), _("现场照片"))
            for pk in photos
        ),
        items=() if part.state == PartState.DONE else _items(part),
        done_if=("step", "finish"),
    )


def _items(part: WhistlePart) -> tuple[Item, ...]:
    """Return what is asked without a network: which step, words, photos."""
    steps = [("report", _("报到")), ("arrive", _("到场"))]
    if not part.is_lead:
        steps.append(("finish", _("办完了")))
    names = [Choice(code=code, label=str(label)) for code, label in steps]
    start = {PartState.REPORTED: 1, PartState.ARRIVED: 2}.get(PartState(part.state), 0)
    return (
        Item(
            code="step", label=_("这次是"), kind=ItemKind.CHOICE,
            choices=tuple(names[min(start, len(names) - 1) :]), is_required=True,
        ),
        Item(code="text", label=_("说一句"), kind=ItemKind.TEXT, hint=_("办完了要写结果。")),
        Item(code="photos", label=_("现场照片"), kind=ItemKind.PHOTO, hint=_("到场要有一张。")),
    )  # fmt: skip


def parts_left(leaving: handover.Leaving) -> list[handover.Line]:
    """Return the parts of the post's organisation that still run; they stay with the organisation."""
    # The organisation of a confined post alone: a community's own parts are everybody's there.
    rows = WhistlePart.objects.filter(
        organisation__posts=leaving.post_id, organisation__posts__is_confined=True,
        due_at__isnull=False,
    )  # fmt: skip
    rows = rows.select_related("whistle__case").order_by("due_at", "id")
    return [_line(part, leaving.now) for part in rows[: handover.MOST_LINES]]


def _line(part: WhistlePart, now: datetime) -> handover.Line:
    case = part.whistle.case
    words = "保密工单" if case.is_confidential else masking.mask_text(case.title)
    place = "" if case.is_confidential else case.place_label
    return handover.Line(
        key=f"cases.whistle:{part.pk}",
        kind="没办完的吹哨",
        title=f"{case.number} {words}",
        note=" · ".join(filter(None, (place, part.get_state_display()))),
        due_at=part.due_at,
        is_late=whistles.late_since(part, now),
        link=reverse("cases:field_whistle", args=[part.pk]),
    )
