"""A matter that was answered before it came here: filed as history, with the words of its answer.

No promise of ours was made then, so none is late: the case is closed by the day of its answer, left
out of the official rates, and its clock never runs. Nobody is told.
"""

from datetime import datetime

from django.db import transaction

from linli.cases.events import CaseFiled
from linli.cases.models import Audience, Case, Entry, EntryKind
from linli.cases.selectors import catalogue
from linli.cases.services._ground import facts_of, set_clock
from linli.cases.services.intake import Report, check_report, new_case, next_case_number
from linli.cases.states import CaseState
from linli.kernel import events, ids, rows
from linli.kernel.actor import Actor
from linli.people import services as people


@transaction.atomic
def file_answered(
    *, report: Report, answer: str, answered_at: datetime, actor: Actor, now: datetime
) -> Case:
    """File a matter that came in at `report.received_at` and was answered at `answered_at`.

    Errors: NotAllowed, BadInput (with the field), NotFound (category ended).
    Source: issue 3, step 7; no false alarms for what is long closed.
    """
    actor.require("cases.enter", report.where.area_path)
    category = catalogue.get_category(report.category_id)
    check_report(report, 0, category)
    received_at = report.received_at or answered_at
    contact = people.keep_contact(
        name=report.name, phone=report.phone, address=report.address, actor=actor, now=now
    )
    case = new_case(ids.id_at(received_at), report, category, received_at)
    case.reporter, case.number = contact, next_case_number(report.where, received_at)
    case.state = CaseState.CLOSED
    case.responded_at = case.resolved_at = case.closed_at = max(answered_at, received_at)
    case.is_closed_by_silence = case.is_excluded = True
    set_clock(case, catalogue.get_settings(), now)
    rows.insert(case)
    entry = Entry(
        case=case, kind=EntryKind.RESULT, audience=Audience.REPORTER, text=answer.strip(),
        created_at=case.closed_at,
    )  # fmt: skip
    rows.insert(entry)
    filed = CaseFiled(**facts_of(case, old_state=""), entry_id=entry.pk, source=case.source)
    events.record(filed, actor=actor, at=case.closed_at)
    return case
