"""A line that is down: since when, when it is tried next, whom it was told; and that it is back."""

from datetime import datetime, timedelta

from linli.kernel import events, tenancy
from linli.kernel.actor import system
from linli.messages import rules
from linli.messages.events import LineBack, LineDown
from linli.messages.models import Outage
from linli.messages.selectors.waiting import count_waiting
from linli.messages.services.staff import tell_back, tell_down


def note_outage(line: str, reason: str, wait: timedelta | None, now: datetime) -> datetime:
    """Count a failure of a line and return when it is tried next; staff are told once, if it lasts.

    wait: what the other side asked for, if it did.
    """
    outage = Outage.objects.select_for_update().filter(line=line, ended_at=None).first()
    if outage is None:
        probe_at = now + (wait or rules.pause_after(1))
        Outage.objects.create(line=line, started_at=now, probe_at=probe_at, reason=reason[:200])
        return probe_at
    outage.failures += 1
    outage.probe_at = now + (wait or rules.pause_after(outage.failures))
    outage.reason = reason[:200]
    if outage.told_at is None and now - outage.started_at >= rules.TELL_AFTER:
        outage.told_at = now
        _record(LineDown(subject_id=outage.pk, line=line), now)
        tell_down(outage, count_waiting(line, now), now)
    outage.save(update_fields=["failures", "probe_at", "reason", "told_at"])
    return outage.probe_at


def end_outage(line: str, now: datetime) -> None:
    """Say that a line answers again; staff who were told that it was down are told."""
    outage = Outage.objects.select_for_update().filter(line=line, ended_at=None).first()
    if outage is None:
        return
    outage.ended_at = now
    outage.save(update_fields=["ended_at"])
    if outage.told_at is not None:
        _record(LineBack(subject_id=outage.pk, line=line), now)
        tell_back(outage, count_waiting(line, now), now)


def _record(event: LineDown | LineBack, now: datetime) -> None:
    events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
