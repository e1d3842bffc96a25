"""What places refuses."""

from linli.kernel.errors import BadInput, Conflict, DomainError


class NameTaken(Conflict):
    """Another live place beside it already has this name or code."""

    code = "name_taken"


class StillInUse(DomainError):
    """It can't end while something below it lives."""

    code = "still_in_use"


class BadBoundary(BadInput):
    """The uploaded boundary is not one that a point can lie in."""

    code = "bad_boundary"


class BadFile(BadInput):
    """The uploaded file can't be read as a list; the message says why."""

    code = "bad_file"


class AlreadyApplied(Conflict):
    """The import was confirmed before, or somebody threw it away."""

    code = "already_applied"


class HasErrors(Conflict):
    """The import has rows that are wrong; nothing was changed."""

    code = "has_errors"


class NoPlan(DomainError):
    """The search for grids ended without a proposal."""

    code = "no_plan"


class PlanFixed(Conflict):
    """The plan has its day, or has taken effect: it can't be changed any more."""

    code = "plan_fixed"


class PlanHasGaps(Conflict):
    """The plan can't take effect as it is; the message says why."""

    code = "plan_has_gaps"
