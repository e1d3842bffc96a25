"""What the figures need to know of a case, as SQL: one source for one case and for a million.

The room of figures counts conditions over these columns, `source`'s rows, and never looks at our
tables itself. It is SQL and not a queryset because the worker asks after every step: building a
queryset of this size costs more than running it.
"""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from linli.cases.models import Case
from linli.cases.selectors.access import visible_to
from linli.cases.states import OPEN
from linli.kernel.actor import Actor

# Days are those of the community's own clock.
COLUMNS = (
    "id", "tenant_id", "area_path", "category", "organisation", "state", "is_open", "is_late",
    "is_confidential", "is_excluded", "responded_at", "respond_due_at", "resolved_at",
    "promised_at", "reopen_count", "follower_count", "is_solved", "satisfaction",
    "official_solved", "official_satisfaction", "reported_on", "promised_on",
    "resolved_on", "closed_on", "rated_on", "asked_on", "hours",
)  # fmt: skip

_PROMISED = "coalesce(c.first_resolve_due_at, c.resolve_due_at)"
# Every case has its category; joined from the left, so that no planner begins with the categories.
# In one line without what is not needed: psycopg keeps no statement of more than 4,096 characters.
_SOURCE = (
    "SELECT c.id, c.tenant_id, c.area_path, k.code AS category, c.state,"
    " coalesce({organisation}, '') AS organisation, c.state IN {open} AS is_open,"
    " c.lateness >= 2 AND c.due_at IS NOT NULL AS is_late,"
    " c.is_confidential, c.is_excluded, c.responded_at, c.respond_due_at, c.resolved_at,"
    " {promised} AS promised_at, c.reopen_count, c.follower_count, c.is_solved, c.satisfaction,"
    " CASE WHEN NOT c.is_excluded THEN coalesce(u.is_solved, c.is_solved) END AS official_solved,"
    " CASE WHEN NOT c.is_excluded THEN coalesce(u.satisfaction, c.satisfaction) END"
    " AS official_satisfaction, {days}, {hours} AS hours"
    " FROM cases_case c"
    " LEFT JOIN cases_category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id"
    " LEFT JOIN posts_post p ON p.tenant_id = c.tenant_id AND p.id = c.handler_post_id"
    " LEFT JOIN cases_followup u ON u.tenant_id = c.tenant_id AND u.case_id = c.id"
    " AND u.state = 'answered' AND NOT EXISTS (SELECT 1 FROM cases_followup v"
    " WHERE v.tenant_id = u.tenant_id AND v.case_id = u.case_id AND v.state = 'answered'"
    " AND v.week_on > u.week_on)"
    " WHERE c.tenant_id = %s AND {which}"
)


def source(which: str) -> str:
    """Return the query of the cases that `which` names, a condition on `c`; its first parameter is
    the tenant.

    Shape: one row a case, with COLUMNS. `organisation` is the handler's id without dashes, or "";
    `official_…` what was answered in the last follow-up call, else by the reporter, nothing for a
    case that is left out; `promised_at` what was promised at first; `hours` from the report to the
    (last) solution; `asked_on` the day of that call.
    """
    return _source(connection.vendor).replace("{which}", which)


def count_all() -> int:
    """Return how many cases the tenant has."""
    return Case.objects.count()


def end_of_stretch(after: UUID | None, length: int) -> UUID | None:
    """Return the last of the next so many cases by id; None when there are fewer."""
    rows = Case.objects.filter(pk__gt=after) if after else Case.objects.all()
    return next(iter(rows.order_by("pk").values_list("pk", flat=True)[length - 1 : length]), None)


@cache
def _source(vendor: str) -> str:
    is_postgresql = vendor == "postgresql"
    organisation = "coalesce(c.handler_organisation_id, p.organisation_id)"
    if is_postgresql:
        organisation = f"replace({organisation}::text, '-', '')"
        hours = "extract(epoch FROM c.resolved_at - c.reported_at) / 3600"
    else:
        hours = "(julianday(c.resolved_at) - julianday(c.reported_at)) * 24"
    moments = {
        "reported": "c.reported_at",
        "promised": _PROMISED,
        "resolved": "c.resolved_at",
        "closed": "c.closed_at",
        "rated": "c.rated_at",
        "asked": "u.ended_at",
    }
    days = [f"{_day(moment, vendor)} AS {name}_on" for name, moment in moments.items()]
    return _SOURCE.format(
        organisation=organisation,
        open=tuple(map(str, OPEN)),
        promised=_PROMISED,
        days=", ".join(days),
        hours=hours,
        which="{which}",
    )


def _day(moment: str, vendor: str) -> str:
    # The whole country keeps one clock, eight hours ahead, all year.
    if vendor == "postgresql":
        return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"
    return f"date({moment}, '+8 hours')"


# What a list of rows behind a number shows.
_SHOWN = (
    "number", "title", "state", "reported_at", "resolved_at", "due_at", "lateness", "place_label",
    "is_solved", "satisfaction", "is_excluded", "is_confidential",
)  # fmt: skip


def rows_of(case_ids: Sequence[UUID], actor: Actor) -> list[Case]:
    """Return the cases of a list that the actor may see, in the order of the list."""
    rows = Case.objects.filter(visible_to(actor), pk__in=case_ids).select_related("category")
    found = {row.pk: row for row in rows.only(*_SHOWN, "category__name")}
    return [found[case_id] for case_id in case_ids if case_id in found]
