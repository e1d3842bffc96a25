"""The kernel's tables: tenants, what happened, what is due, what was sealed, what the calendar says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Tenant(models.Model):
    """A district (区县), or one community in a small installation. The only table without `tenant_id`
    besides login identities; place codes and secret links begin with its code.
    """

    code = models.CharField(
        max_length=8, unique=True
    )  # lower case; the head of place codes and links
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # The last moment up to which the worker has looked at this tenant's clock; a clock set back shows here.
    ticked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class EventRow(TenantModel):
    """One thing that happened. Timeline, audit trail, outbox and source of figures in one row.

    `data` holds the ids and facts of the event's dataclass and no personal data in clear.
    """

    name = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    area_path = models.CharField(max_length=120, default="", blank=True)
    actor_kind = models.CharField(max_length=10)
    account_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    seal = TenantForeignKey(
        "kernel.Seal", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        indexes = [
            # The timeline of one subject.
            models.Index(fields=["tenant_id", "subject_id", "id"], name="event_of_subject"),
            # What the worker hands out next; delivered events are no part of it.
            models.Index(
                fields=["tenant_id", "id"], name="event_undelivered", condition=Q(delivered_at=None)
            ),
            # What the next seal covers.
            models.Index(fields=["tenant_id", "id"], name="event_unsealed", condition=Q(seal=None)),
            # Verification reads one seal's events.
            models.Index(fields=["tenant_id", "seal", "id"], name="event_of_seal"),
            # The audit page reads the newest of a name, or of a person.
            models.Index(fields=["tenant_id", "name", "-id"], name="event_by_name"),
            models.Index(fields=["tenant_id", "account_id", "-id"], name="event_by_account"),
        ]


class Retry(TenantModel):
    """A subscriber that failed on an event: when it is tried again, or that it is parked."""

    event = TenantForeignKey(EventRow, models.CASCADE, related_name="retries")
    subscriber = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "event", "subscriber"], name="retry_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "due_at"], name="retry_due", condition=Q(parked_at=None)
            ),
        ]


class Seal(TenantModel):
    """A minute's events under one hash, chained to the seal before (`linli verify` reads it)."""

    number = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    event_count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="seal_number"),
        ]


class Job(TenantModel):
    """Something to do at a time: claimed by the worker with a lock, done once, retried, parked.

    `key` makes asking twice ask once. A task that is done leaves `done_at`.
    """

    task = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    data = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "task", "key"], name="job_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "due_at"],
                name="job_due",
                condition=Q(done_at=None, parked_at=None),
            ),
        ]


class RunState(models.TextChoices):
    """How far a run is."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没做成")
    CANCELLED = "cancelled", _("已取消")


class Run(TenantModel):
    """Long work that somebody started: how far it is, what went wrong, what came of it (kernel/runs.py).

    `order` holds what was asked, and who asked with which grants: encrypted, for a search may name
    somebody. `attempt` counts beginnings: only the newest may write here.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    key = models.CharField(max_length=120)
    account_id = models.UUIDField(null=True)  # or a client's; None: the house itself
    duty = models.CharField(max_length=40, default="")  # without it the run is not seen any more
    order = EncryptedTextField()
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    cursor = models.JSONField(null=True)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(null=True)
    error_count = models.PositiveIntegerField(default=0)
    error_kinds = models.JSONField(default=dict)
    message = models.CharField(max_length=300, default="")
    link = models.CharField(max_length=200, default="")
    result_name = models.CharField(max_length=120, default="")
    result_type = models.CharField(max_length=120, default="")
    result_path = models.CharField(max_length=200, default="")
    result_size = models.PositiveBigIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # when its result is deleted

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "kind", "key"], name="run_once"),
            models.CheckConstraint(
                name="run_ended_at_some_time",
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at=None),
            ),
        ]
        indexes = [
            # Somebody's own runs, and everybody's for the operator, newest first.
            models.Index(fields=["tenant_id", "account_id", "-id"], name="run_of_account"),
            # The sweep that deletes results.
            models.Index(
                fields=["tenant_id", "expires_at"],
                name="run_expiring",
                condition=Q(expires_at__isnull=False),
            ),
        ]


class RunError(TenantModel):
    """One row that a run could not take, in words; the first few hundred are kept, all are counted."""

    run = TenantForeignKey(Run, models.CASCADE, related_name="errors")
    row = models.PositiveIntegerField(null=True)  # as the spreadsheet counts
    text = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "run", "id"], name="run_error_of_run")]


class Receipt(TenantModel):
    """An idempotency key that was answered: the same key again gives the same result."""

    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    result_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "scope", "key"], name="receipt_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "created_at"], name="receipt_by_age")]


class Sequence(TenantModel):
    """The last number given out under a name; taken with the row locked."""

    name = models.CharField(max_length=40)
    value = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="sequence_name")]


class WorkingHours(TenantModel):
    """The tenant's working day: from opening to closing, without the lunch break. Times are local."""

    opens_at = models.TimeField()
    lunch_starts_at = models.TimeField(null=True)
    lunch_ends_at = models.TimeField(null=True)
    closes_at = models.TimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id"], name="hours_once"),
            models.CheckConstraint(
                name="hours_in_order",
                condition=Q(opens_at__lt=models.F("closes_at"))
                & (
                    Q(lunch_starts_at=None, lunch_ends_at=None)
                    | Q(
                        opens_at__lt=models.F("lunch_starts_at"),
                        lunch_starts_at__lt=models.F("lunch_ends_at"),
                        lunch_ends_at__lt=models.F("closes_at"),
                    )
                ),
            ),
        ]


class DaySource(models.TextChoices):
    """Where a day of the calendar comes from."""

    STATE = "state", _("国务院安排")
    IMPORTED = "imported", _("导入")
    EDITED = "edited", _("手工调整")


class CalendarYear(TenantModel):
    """A year whose holidays are known. A year without a row counts weekends only, and staff are told."""

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=DaySource)
    installed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "year"], name="calendar_year_once")
        ]


class CalendarDay(TenantModel):
    """A day that differs from its weekday: a holiday on a weekday or a make-up workday (调休上班)."""

    date = models.DateField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=10, choices=DaySource)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "date"], name="calendar_day_once")
        ]
