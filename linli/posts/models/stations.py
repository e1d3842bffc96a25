"""Stations (一站六员, 红小楼): seats, who sits in them, when it is open, who is on duty, who swaps."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Station(TenantModel):
    """A place where somebody is on duty: a service station, a mediation house."""

    code = models.CharField(max_length=60)  # stable within the tenant; blueprints name it
    name = models.CharField(max_length=60)
    area = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    address = models.CharField(max_length=120, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    is_open_on_holidays = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="station_code")]

    def __str__(self) -> str:
        return self.name


class StationSeat(TenantModel):
    """One kind of people that a station has, and how many: two community workers."""

    station = TenantForeignKey(Station, models.CASCADE, related_name="seats")
    code = models.CharField(max_length=30)
    label = models.CharField(max_length=30)
    count = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(default=100)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "station", "code"], name="station_seat_code"
            )
        ]

    def __str__(self) -> str:
        return self.label


class StationMember(TenantModel):
    """Who sits in a seat, from when until when (end excluded)."""

    seat = TenantForeignKey(StationSeat, models.PROTECT, related_name="members")
    account = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="station_member_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "seat", "account"],
                condition=Q(ends_at=None),
                name="station_member_open_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "account"], name="station_member_account")]


class StationShift(TenantModel):
    """When a station is open in an ordinary week, and how many it takes."""

    station = TenantForeignKey(Station, models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    needed = models.PositiveSmallIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="station_shift_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(name="station_shift_weekday", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(
                fields=["tenant_id", "station", "weekday", "opens_at"], name="station_shift_once"
            ),
        ]


class Turn(TenantModel):
    """Somebody on duty at a station, between two moments."""

    station = TenantForeignKey(Station, models.PROTECT, related_name="turns")
    account = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="turn_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "station", "starts_at", "account"], name="turn_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "account", "starts_at"], name="turn_of")]


class SwapState(models.TextChoices):
    """How far a swap is."""

    ASKED = "asked", _("等对方答应")
    AGREED = "agreed", _("已换")
    REFUSED = "refused", _("对方没答应")
    WITHDRAWN = "withdrawn", _("已撤回")


class TurnSwap(TenantModel):
    """Somebody asks another to take a turn, or to change turns; it needs the word of both."""

    turn = TenantForeignKey(Turn, models.CASCADE, related_name="swaps")
    # The turn that comes back; None: the other simply takes it.
    other_turn = TenantForeignKey(Turn, models.CASCADE, null=True, related_name="+")
    asked_by = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    asked_of = TenantForeignKey("people.Account", models.PROTECT, related_name="+")
    note = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "turn"], condition=Q(state="asked"), name="turn_asked_once"
            ),
            models.CheckConstraint(
                name="swap_is_between_two", condition=~Q(asked_by=F("asked_of"))
            ),
        ]
        indexes = [
            # What waits for my word.
            models.Index(
                fields=["tenant_id", "asked_of"], condition=Q(state="asked"), name="swap_asked_of"
            )
        ]
