"""What field workers hand in of cases after hours without a network: reports, and words on a case.

Both end in the services that the pages call; the submission's own id makes them count once.
"""

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.models import Case, Source
from linli.cases.rules import TEXT_LIMIT
from linli.cases.selectors import ground
from linli.cases.services import handling, patrol
from linli.cases.services.intake import PHOTO_LIMIT, Report
from linli.cases.states import CaseState
from linli.field.services.submissions import Difference, Differs, Sent, Taken
from linli.kernel import clock, pictures
from linli.kernel.errors import BadInput
from linli.kernel.pictures import Picture

# Told so much later, the words say when they were written.
LATER: Final = timedelta(minutes=10)
_IN_HANDS: Final = (CaseState.ASSIGNED, CaseState.IN_HAND, CaseState.SUSPENDED)


def take_report(sent: Sent) -> Taken:
    """Take a report that was written down on the round.

    Errors: BadInput (no such category or place, no words), and those of patrol.report_on_patrol.
    Source: issue 4, step 1; S3 3.1.
    """
    where = ground.find_where(str(sent.answers.get("place", "")), sent.actor)
    report = Report(
        category_id=_id(sent.answers.get("category"), "category"),
        text=_words(sent),
        where=where,
        source=Source.PATROL,
        spot=str(sent.answers.get("spot", ""))[:60],
        is_urgent=sent.answers.get("is_urgent") == "yes",
        key=str(sent.id),
        received_at=sent.made_at,
    )
    photos = pictures_of(sent)
    case, _is_new = patrol.report_on_patrol(
        report=report, photos=photos, actor=sent.actor, now=sent.now
    )
    return _taken(case, _("已上报，编号 %(number)s。") % {"number": case.number})


def take_progress(sent: Sent) -> Taken:
    """Take words on a case in hand: how it goes, or that it is done; where nobody has taken it, it is taken
    with them.

    Errors: Differs (somebody else has moved it on meanwhile), BadInput, and those of handling.
    """
    case = selectors.get_case(_id(sent.subject_id, "subject_id"), sent.actor)
    is_mine = case.handler_account_id == sent.actor.account_id
    if case.state == CaseState.ASSIGNED or (_only_takes(sent) and not is_mine):
        case = handling.take_case(case_id=case.pk, actor=sent.actor, now=sent.now)
    if _only_takes(sent):
        return _taken(case, _("%(number)s 接下了。") % {"number": case.number})
    is_done = sent.answers.get("step") == "done"
    if is_done and sent.base_version not in ("", str(case.version)) and _has_gone(case):
        raise Differs(
            (
                Difference(
                    name="step",
                    label=_("这一件"),
                    base=_("在办"),
                    sent=_("办好了"),
                    here=str(case.get_state_display()),
                ),
            ),
            link=_link(case),
            version=str(case.version),
        )
    facts: dict[str, Any] = {
        "case_id": case.pk,
        "after": pictures_of(sent),
        "actor": sent.actor,
        "now": sent.now,
    }
    if is_done:
        done = handling.resolve_case(text=_words(sent), **facts)
        return _taken(done, _("%(number)s 已办结，等居民评价。") % {"number": done.number})
    told = handling.add_progress(text=_words(sent), **facts)
    return _taken(told, _("进展已记到 %(number)s。") % {"number": told.number})


def _only_takes(sent: Sent) -> bool:
    return sent.answers.get("step") == "take"


def _has_gone(case: Case) -> bool:
    return case.state not in _IN_HANDS


def _words(sent: Sent) -> str:
    """Return the words, with the moment where they come much later."""
    text = str(sent.answers.get("text", "")).strip()
    if not text:
        raise BadInput(_("写一两句看到了什么、做了什么。"), field="text")
    if len(text) > TEXT_LIMIT:
        raise BadInput(_("写得太长了，删短一些再发。"), field="text")
    if sent.now - sent.made_at < LATER:
        return text
    at = clock.local(sent.made_at)
    when = _("（%(month)d 月 %(day)d 日 %(time)s 在现场写的）") % {
        "month": at.month,
        "day": at.day,
        "time": f"{at:%H:%M}",
    }
    return f"{text}{when}" if len(text) + len(when) <= TEXT_LIMIT else text


def pictures_of(sent: Sent) -> tuple[Picture, ...]:
    """Return the photos as services take them; the files they came in go once these are kept."""
    if len(sent.photos) > PHOTO_LIMIT:
        raise BadInput(_("一件最多 %(n)d 张照片。") % {"n": PHOTO_LIMIT}, field="photos")
    found = [_read(one.path, one.thumb_path, one.width, one.height) for _c, one in sent.photos]
    paths = [path for _c, one in sent.photos for path in (one.path, one.thumb_path)]
    transaction.on_commit(partial(pictures.discard, paths))
    return tuple(found)


def _read(path: str, thumb_path: str, width: int, height: int) -> Picture:
    data = Path(default_storage.path(path)).read_bytes()
    thumb = Path(default_storage.path(thumb_path)).read_bytes()
    return Picture(data, thumb, width, height, hashlib.sha256(data).hexdigest())


def _id(value: object, field: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise BadInput(_("选一个。"), field=field) from None


def _link(case: Case) -> str:
    return reverse("cases:field_case", args=[case.pk])


def _taken(case: Case, words: str) -> Taken:
    return Taken(link=_link(case), words=words, subject_id=case.pk)
