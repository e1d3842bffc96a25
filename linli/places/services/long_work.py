"""Lists and sheets that take longer than somebody waits on a page: the same work, as runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import pdf, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.places import selectors
from linli.places.models import Area, PlaceCode
from linli.places.services.imports import apply_import

IMPORT: Final = "places.import"
STICKERS: Final = "places.stickers"
DUTY: Final = "places.manage"
SHORT_LIST: Final = 300  # rows
FEW_STICKERS: Final = 40
# Four hundred pages; more is printed estate by estate.
MOST_STICKERS: Final = 9600
_BATCH: Final = 500


def start_import(*, import_id: UUID, actor: Actor, now: datetime) -> runs.Run:
    """Put a waiting list in place as a run; all of it or nothing, as `apply_import` does.

    Errors: NotAllowed, NotFound.
    """
    waiting = selectors.get_import(import_id)
    actor.require(DUTY, waiting.community.path)
    # Applying twice does it once; pressing twice within the minute shows one run.
    key = f"{import_id}:{now:%y%m%d%H%M}"
    data = {"import": str(import_id), "community": str(waiting.community_id)}
    title = _("导入地点清单，%(n)d 行") % {"n": waiting.row_count}
    return runs.start(IMPORT, title=title, data=data, actor=actor, now=now, key=key, duty=DUTY)


def carry_import(run: runs.Running) -> None:
    """Put the list in place, in one transaction; a list with a mistake changes nothing."""
    run.check_cancelled()
    done = apply_import(import_id=UUID(run.data["import"]), actor=run.actor, now=run.now)
    run.progress(done.row_count, done.row_count)
    link = reverse("places:imports", args=[UUID(run.data["community"])])
    run.say(_("已导入 %(n)d 行。") % {"n": done.row_count}, link)


def start_stickers(
    *,
    community: Area,
    estate_id: UUID | None,
    codes: Sequence[UUID],
    title: str,
    address: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> runs.Run:
    """Draw many stickers as a run: of an estate, of the community, or of the chosen codes.

    address: of the product, as it stands in the codes. Errors: NotAllowed.
    """
    actor.require(DUTY, community.path)
    data = {
        "community": str(community.pk),
        "estate": str(estate_id) if estate_id else None,
        "codes": [str(one) for one in codes],
        "title": title,
        "address": address,
    }
    name = _("%(title)s 点位码贴纸") % {"title": title}
    return runs.start(STICKERS, title=name, data=data, actor=actor, now=now, key=key, duty=DUTY)


def carry_stickers(run: runs.Running) -> None:
    """Draw the sheets; each sticker is a step."""
    community = selectors.get_community_by_id(UUID(run.data["community"]))
    run.actor.require(DUTY, community.path)
    estate_id = UUID(run.data["estate"]) if run.data["estate"] else None
    found = selectors.codes_of(community.pk, estate_id=estate_id)
    if run.data["codes"]:
        found = found.filter(pk__in=[UUID(one) for one in run.data["codes"]])
    printed = [printed_code(one, run.data["address"]) for one in found[:MOST_STICKERS]]
    if not printed:
        raise NotFound(_("这里还没有点位码，先生成再打印。"))
    run.progress(0, len(printed))
    paper = pdf.sticker_sheet(printed, sender_of(community, run.data["address"]), tell=run.progress)
    run.result(f"{run.data['title']} {_('点位码')}.pdf", "application/pdf", [paper])
    run.say(_("共 %(n)d 张。") % {"n": len(printed)})


def printed_code(found: PlaceCode, address: str) -> pdf.Place:
    """Return what a sticker shows. address: of the product; portals answers what a scan opens."""
    url = address + reverse("portals:place", args=[found.code])
    return pdf.Place(url=url, name=found.label, code=found.code)


def sender_of(community: Any, address: str) -> pdf.Sender:
    """Return who puts the paper up. address: of the product."""
    site = address.removeprefix("https://").removeprefix("http://")
    return pdf.Sender(community=community.name, site=site, phone=community.phone)
