"""What phones hand in for parts of whistles after hours without a network: each step once, at its time."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.models import PartState, WhistlePart
from linli.cases.selectors import whistles
from linli.cases.services import whistle_parts
from linli.cases.services.handed import pictures_of
from linli.cases.services.whistle_parts import Here
from linli.field.services.submissions import Difference, Differs, Sent, Taken
from linli.kernel.errors import BadInput

_OVER = (PartState.REFUSED, PartState.RELEASED, PartState.MISSING, PartState.ENDED)


def take_step(sent: Sent) -> Taken:
    """Take a step of a part: reported in, arrived, finished, when it happened.

    Errors: Differs (taken back, or decided above meanwhile), BadInput, and those of whistle_parts.
    """
    if sent.subject_id is None:
        raise BadInput(_("没有说是哪一张吹哨单。"), field="subject_id")
    part = whistles.get_part(sent.subject_id, sent.actor)
    step = str(sent.answers.get("step", ""))
    if sent.base_version not in ("", str(part.version)) and _is_over(part):
        raise Differs(
            (
                Difference(
                    name="step",
                    label=_("这张吹哨单"),
                    base=_("在办"),
                    sent=step,
                    here=str(part.get_state_display()),
                ),
            ),
            link=_link(part.pk),
        )
    return Taken(link=_link(part.pk), words=_do(part, step, sent), subject_id=part.pk)


def _is_over(part: WhistlePart) -> bool:
    return part.state in _OVER or part.whistle.state != "open"


def _do(part: WhistlePart, step: str, sent: Sent) -> str:
    facts: dict[str, Any] = {
        "part_id": part.pk, "actor": sent.actor, "now": sent.now, "at": sent.made_at,
    }  # fmt: skip
    text, photos = str(sent.answers.get("text", "")).strip(), pictures_of(sent)
    if step == "report":
        whistle_parts.report_in(here=Here(place=text[:80]), photos=photos, **facts)
        return _("已报到。")
    if step == "arrive":
        whistle_parts.arrive(photos=photos, **facts)
        return _("已到场。")
    if step == "finish":
        whistle_parts.finish_part(text=text, after=photos, **facts)
        return _("已办完我们的部分。")
    raise BadInput(_("选一下这次是报到、到场还是办完。"), field="step")


def _link(part_id: UUID) -> str:
    return reverse("cases:field_whistle", args=[part_id])
