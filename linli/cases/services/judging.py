"""Judges what a case is about once it is there, and keeps what staff said to it, to learn from.

Called by the event worker: no reporter waits for it, and no field of a case is changed by it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from linli.cases.events import CaseAccepted, CaseAssigned, CaseCorrected
from linli.cases.events.judging import SuggestionDoubted
from linli.cases.models import Case, Judgement, TrainingExample, Word
from linli.cases.selectors import catalogue, get_case, judging
from linli.cases.services.correcting import correct_case
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.masking import mask_text
from linli.kernel.models import EventRow
from linli.kernel.rows import insert_once

DUTY: Final = "cases.dispatch"
MOST_SIGNS: Final = 600  # of a text to learn from


@transaction.atomic
def judge_cases(case_ids: Iterable[UUID], *, now: datetime) -> int:
    """Judge cases that were not judged yet; return how many. As often as you like."""
    wanted = set(case_ids)
    wanted -= set(Judgement.objects.filter(case_id__in=wanted).values_list("case_id", flat=True))
    rows = Case.objects.filter(pk__in=wanted).order_by("pk") if wanted else ()
    return sum(insert_once(_judge(case, now)) for case in rows)


def _judge(case: Case, now: datetime) -> Judgement:
    settings = catalogue.get_settings()
    suggested = judging.suggest(case.text)
    earlier = judging.earlier_report(case, metres=settings.nearby_metres, days=settings.nearby_days)
    return Judgement(
        case=case,
        model_id=suggested.model_id,
        suggestions=[[code, round(chance * 1000)] for code, chance in suggested.codes],
        is_sure=suggested.is_sure,
        earlier_id=earlier.case_id if earlier else None,
        earlier_percent=round(earlier.likeness * 100) if earlier else 0,
        judged_at=now,
    )


@transaction.atomic
def hear_words(rows: Sequence[EventRow]) -> None:
    """Keep what staff said by what they did: accepted or sent on as it was, or put right.

    Only people's steps count; what routing does by itself says nothing. A correction has the last
    word, a later step none.
    """
    said = [row for row in rows if row.account_id and _says_something(row)]
    if not said:
        return
    ids = {row.subject_id for row in said}
    judge_cases(ids, now=said[0].happened_at)
    cases = {row.pk: row for row in Case.objects.filter(pk__in=ids)}
    judgements = {row.case_id: row for row in Judgement.objects.filter(case_id__in=ids)}
    for row in said:
        judgement = judgements[row.subject_id]
        is_correction = row.name == CaseCorrected.name
        if is_correction or judgement.word == Word.NONE:
            _keep_word(judgement, cases[row.subject_id], row, is_correction=is_correction)


@transaction.atomic
def take_over(now: datetime) -> int:
    """Judge every case that was lived through before the worker saw it, and hear the staff's words
    of then; return how many cases were judged.
    """
    known = set(Judgement.objects.values_list("case_id", flat=True))
    ids = [key for key in Case.objects.values_list("pk", flat=True) if key not in known]
    count = judge_cases(ids, now=now)
    rows = EventRow.objects.filter(name__in=[kind.name for kind in HEARD], subject_id__in=ids)
    hear_words(rows.order_by("happened_at", "id"))
    return count


HEARD: Final = (CaseAccepted, CaseAssigned, CaseCorrected)


def _says_something(row: EventRow) -> bool:
    if row.name == CaseCorrected.name:
        return "category" in str(row.data.get("changed", "")).split(",")
    return True


def _keep_word(judgement: Judgement, case: Case, row: EventRow, *, is_correction: bool) -> None:
    code = row.data["category_code"]
    first = judgement.suggestions[0][0] if judgement.suggestions else ""
    followed = Word.TAKEN if is_correction else Word.AGREED
    word = followed if code == first else Word.OTHER
    judgement.word, judgement.said_code = word, code
    judgement.said_by, judgement.said_at = row.account_id, row.happened_at
    judgement.save(update_fields=["word", "said_code", "said_by", "said_at"])
    keep_example(case, code=code, word=word, said_at=row.happened_at)


def keep_example(case: Case, *, code: str, word: Word, said_at: datetime) -> None:
    """Keep a text without personal pieces and the category that staff found right.

    Nothing of confidential cases is kept, and what was kept before they became so goes.
    """
    if case.is_confidential:
        TrainingExample.objects.filter(case=case).delete()
        return
    TrainingExample.objects.update_or_create(
        case=case,
        defaults={
            "text": mask_text(case.text)[:MOST_SIGNS],
            "code": code,
            "word": word,
            "said_at": said_at,
        },
    )


def take_suggestion(
    *, case_id: UUID, code: str, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Put the category right as suggested; the promise follows it as with any correction.

    Errors: NotFound, NotAllowed, BadInput (it is that category already), StaleCase.
    """
    category = catalogue.get_category_by_code(code)
    return correct_case(
        case_id=case_id, category_id=category.pk, actor=actor, now=now, version=version
    )


@transaction.atomic
def doubt_category(*, case_id: UUID, actor: Actor, now: datetime) -> Judgement:
    """Say that one can't tell the category either: nothing is learnt from it.

    Errors: NotFound, NotAllowed.
    """
    judgement = _judgement(case_id, actor)
    judgement.word, judgement.said_code = Word.UNSURE, ""
    judgement.said_by, judgement.said_at = actor.account_id, now
    judgement.save(update_fields=["word", "said_code", "said_by", "said_at"])
    TrainingExample.objects.filter(case_id=case_id).delete()
    _record(judgement.case, "category", actor, now)
    return judgement


@transaction.atomic
def doubt_earlier(*, case_id: UUID, actor: Actor, now: datetime) -> Judgement:
    """Say that the earlier report is another thing; it is not shown with the case any more.

    Errors: NotFound, NotAllowed.
    """
    judgement = _judgement(case_id, actor)
    judgement.is_same = False
    judgement.save(update_fields=["is_same"])
    _record(judgement.case, "earlier", actor, now)
    return judgement


def _judgement(case_id: UUID, actor: Actor) -> Judgement:
    case = get_case(case_id, actor)
    actor.require(DUTY, case.area_path)
    found = Judgement.objects.select_for_update(of=("self",)).filter(case_id=case_id).first()
    if found is None:
        raise NotFound("这件工单还没有判断过，过一会儿再看。")
    found.case = case
    return found


def _record(case: Case, what: str, actor: Actor, now: datetime) -> None:
    events.record(
        SuggestionDoubted(subject_id=case.pk, area_path=case.area_path, what=what),
        actor=actor,
        at=now,
    )


@transaction.atomic
def note_merged(case_id: UUID, into_id: UUID) -> None:
    """Note that staff found the suggested earlier report to be the same thing."""
    Judgement.objects.filter(case_id=case_id, earlier_id=into_id).update(is_same=True)
