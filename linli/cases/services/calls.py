"""A caller met what somebody else reported already: one case, one more who waits for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.models import Case
from linli.cases.services.desk import note_case
from linli.cases.services.following import follow_case
from linli.kernel.actor import Actor


@transaction.atomic
def follow_for_caller(
    *, case_id: UUID, phone: str, text: str, key: str, actor: Actor, now: datetime
) -> Case:
    """Note on somebody's behalf that they met the same thing; their words stay as a note for staff.

    phone: optional; with it the caller is told how it ends. key: made with the form.
    Errors: NotFound, NotAllowed, BadInput (the phone is none).
    Source: beyond.md 2, "我也遇到"; S3 3.6, a call becomes a case.
    """
    case = selectors.get_case(case_id, actor)
    actor.require("cases.enter", case.area_path)
    follower, is_new = follow_case(
        case_id=case_id, device=f"call:{key}", phone=phone, consent_version="", actor=actor, now=now
    )
    if is_new and text.strip():
        words = _("又有人来电来访反映：%(text)s") % {"text": text.strip()}
        note_case(case_id=case_id, text=words, actor=actor, now=now)
    return follower.case
