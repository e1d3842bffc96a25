"""What staff meet on their rounds: reported, and where it took a minute, settled on the spot."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.errors import PhotoRequired
from linli.cases.models import Case, Source
from linli.cases.selectors import catalogue
from linli.cases.services import handling, intake
from linli.cases.services._ground import Step, lock_all
from linli.cases.services.assigning import put_into_hands
from linli.cases.services.intake import Report
from linli.cases.services.photos import Photos
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.posts import selectors as posts


def report_on_patrol(
    *, report: Report, photos: Photos = (), actor: Actor, now: datetime
) -> tuple[Case, bool]:
    """Report what was met on the spot; return the case and whether it is new.

    The duty is to handle or to enter cases at the place. Errors: NotAllowed and those of
    intake.report_case.
    Source: S3 3.1, the grid worker finds and reports; the case then runs like everybody's.
    """
    path = report.where.area_path
    if not actor.can("cases.enter", path):
        actor.require("cases.handle", path)
    on_patrol = replace(report, source=Source.PATROL)
    return intake.report_case(report=on_patrol, photos=photos, actor=actor, now=now)


def settle_on_the_spot(
    *,
    report: Report,
    result: str,
    photos: Photos = (),
    after: Photos = (),
    actor: Actor,
    now: datetime,
) -> Case:
    """Report what was met and done in one go: reported, in one's own hands, resolved.

    photos: as it was; after: as it is now. Whoever told of it and left a phone is asked the two
    questions like everybody. Sent twice it is one case; what a first try left half done is ended.
    Errors: BadInput (no words on how, for confidential matters, nobody's post), PhotoRequired,
    NotAllowed and those of `report_on_patrol`.
    Source: S2 2.10, needs, opinions and disputes recorded on the spot.
    """
    path = report.where.area_path
    actor.require("cases.handle", path)
    category = catalogue.get_category(report.category_id)
    if category.is_confidential:
        raise BadInput(_("这类事由专门的人办，先上报，不能当场办结。"), field="is_settled")
    if not result.strip():
        raise BadInput(_("写一句怎么办好的，居民能看到。"), field="result")
    if category.needs_result_photo and not after:
        raise PhotoRequired(
            _("“%(name)s”办结要有一张处理后的照片。") % {"name": category.name}, field="after"
        )
    post_id = _own_post(actor, path)
    case, _is_new = report_on_patrol(report=report, photos=photos, actor=actor, now=now)
    if case.is_open:
        _take_over(case.pk, post_id, actor, now)
        case = handling.resolve_case(
            case_id=case.pk, text=result, after=after, actor=actor, now=now
        )
    return case


def _own_post(actor: Actor, path: str) -> UUID:
    for grant in actor.grants:
        is_here = grant.organisation_id is None and path.startswith(grant.area_path)
        if grant.duty == "cases.handle" and is_here and grant.post_id is not None:
            return grant.post_id
    raise BadInput(_("这里不归您办，先上报。"), field="is_settled")


@transaction.atomic
def _take_over(case_id: UUID, post_id: UUID, actor: Actor, now: datetime) -> None:
    """Put a case into one's own hands, wherever routing had sent it."""
    (case,) = lock_all([case_id])
    if case.handler_post_id == post_id:
        return
    route = posts.chosen(
        post_id=post_id, organisation_id=None, area_path=case.area_path, by=actor.name
    )
    put_into_hands(Step.begin(case, actor, now), replace(route, reason=_("当场办")))
