"""Installs the campaigns' part of a blueprint: what may stand on a list, and how it is counted."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.campaigns.models import Kind
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record


@dataclass(frozen=True, slots=True, kw_only=True)
class KindItem:
    """A kind of entry; the order in the file is the order on the page."""

    code: str
    name: str
    unit: str = "处"
    done: str = "清理"
    icon: str = "circle-alert"
    category_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignsPart:
    """The campaigns of a blueprint."""

    kinds: tuple[KindItem, ...] = ()


@transaction.atomic
def install(
    part: CampaignsPart,
    *,
    before: CampaignsPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Install the kinds of entries; see `kernel.blueprint` for rows already there."""
    outcome, base = Outcome("campaigns"), before or CampaignsPart()
    put(
        Kind,
        "整治类型",
        wanted=_kinds(part),
        base=_kinds(base),
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _kinds(part: CampaignsPart) -> dict[Hashable, Fields]:
    return {
        item.code: asdict(item) | {"order": number * 10}
        for number, item in enumerate(part.kinds, 1)
    }
