"""Persons, where they live and have lived, and who belongs to whom."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel


class Sex(models.TextChoices):
    """As the identity number has it."""

    MALE = "m", _("男")
    FEMALE = "f", _("女")
    UNKNOWN = "", _("未填")


class PersonState(models.TextChoices):
    """Whether somebody lives here now."""

    HERE = "here", _("在住")
    AWAY = "away", _("不在这里住")  # moved out, or an owner who lives elsewhere
    DIED = "died", _("已故")
    MERGED = "merged", _("已合并")  # the same person as `merged_into`


class KnownFrom(models.TextChoices):
    """How we came to know something."""

    IMPORT = "import", _("表格导入")
    DESK = "desk", _("窗口登记")
    FIELD = "field", _("上门采集")
    SELF = "self", _("本人填报")


class IdKind(models.TextChoices):
    """What kind of identity number it is."""

    RESIDENT = "resident", _("居民身份证")
    OTHER = "other", _("其他证件")


class Person(TenantModel):
    """Somebody of the register. Whoever has died, left or was merged stays for the history's sake.

    `home` is where the person lives, or is last known to have lived or owned; `building` and
    `community` are that home's. `version` counts changes: a phone that was offline names it.
    """

    PERSONAL: ClassVar = {
        "name": "name", "name_hash": "hash", "id_number": "id", "id_hash": "hash", "sex": "text",
        "born_on": "date", "phone": "phone", "phone_hash": "hash", "phone_tail": "phone",
        "home": "address", "state_on": "date",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "id_kind", "building", "community", "state", "merged_into", "source",
        "checked_at", "version", "created_at", "updated_at",
    }  # fmt: skip

    name = EncryptedTextField()
    name_hash = models.CharField(max_length=32)
    id_kind = models.CharField(max_length=10, choices=IdKind, default=IdKind.RESIDENT)
    id_number = EncryptedTextField(default="", blank=True)
    id_hash = models.CharField(max_length=32, default="", blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default="", blank=True)
    born_on = models.DateField(null=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_hash = models.CharField(max_length=32, default="", blank=True)
    phone_tail = models.CharField(max_length=4, default="", blank=True)
    home = TenantForeignKey("places.Home", models.PROTECT, related_name="+")
    building = TenantForeignKey("places.Building", models.PROTECT, related_name="+")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=PersonState, default=PersonState.HERE)
    state_on = models.DateField(null=True)  # the day somebody died or moved out
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=6, choices=KnownFrom)
    checked_at = models.DateTimeField()  # when what stands here was last seen to be right
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="person_merged_into_somebody",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
        ]
        indexes = [
            # The same identity number, and the same phone, found again.
            models.Index(
                fields=["tenant_id", "id_hash"], name="person_by_id", condition=~Q(id_hash="")
            ),
            models.Index(
                fields=["tenant_id", "phone_hash"],
                name="person_by_phone",
                condition=~Q(phone_hash=""),
            ),
            # Who may be the same: one name in one building.
            models.Index(fields=["tenant_id", "building", "name_hash"], name="person_in_building"),
            # Who lives in a home.
            models.Index(fields=["tenant_id", "home"], name="person_of_home"),
            # A community's list, as exports and forms walk it.
            models.Index(fields=["tenant_id", "community", "id"], name="person_of_community"),
        ]


class ResidenceKind(models.TextChoices):
    """What ties somebody to a home. Whoever owns the home and lives in it has both."""

    LIVES = "lives", _("居住")
    RENTS = "rents", _("租住")
    OWNS = "owns", _("产权人")


class HeadRelation(models.TextChoices):
    """What somebody is to the head of the household."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    CHILD_IN_LAW = "in_law", _("儿媳、女婿")
    PARENT = "parent", _("父母")
    GRANDPARENT = "grand", _("祖父母")
    GRANDCHILD = "grandch", _("孙辈")
    SIBLING = "sibling", _("兄弟姐妹")
    OTHER = "other", _("其他")
    NONE = "", _("未填")


class MoveReason(models.TextChoices):
    """Why somebody came or left."""

    BIRTH = "birth", _("出生")
    MARRIAGE = "marriage", _("结婚")
    BOUGHT = "bought", _("买房、卖房")
    RENT = "rent", _("租房、退租")
    WORK = "work", _("工作")
    SCHOOL = "school", _("上学")
    FAMILY = "family", _("投靠、照顾家人")
    RETURN = "return", _("返回")
    CARE = "care", _("住进养老院、医院")
    DEMOLITION = "demolish", _("拆迁")
    DEATH = "death", _("去世")
    CORRECTION = "correct", _("登记更正")
    UNKNOWN = "", _("未填")


class Residence(TenantModel):
    """Somebody lives in, rents or owns a home, from a day to a day as far as they are known.

    `ended_at`: when we learnt that it is over; None while it holds.
    """

    PERSONAL: ClassVar = {
        "person": "name", "home": "address", "relation": "text", "starts_on": "date", "ends_on": "date",
        "place_from": "address", "place_to": "address",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "kind", "reason_in", "reason_out", "recorded_at", "ended_at",
    }  # fmt: skip

    person = TenantForeignKey(Person, models.PROTECT, related_name="residences")
    home = TenantForeignKey("places.Home", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=ResidenceKind)
    relation = models.CharField(max_length=8, choices=HeadRelation, default="", blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    reason_in = models.CharField(max_length=8, choices=MoveReason, default="", blank=True)
    reason_out = models.CharField(max_length=8, choices=MoveReason, default="", blank=True)
    place_from = EncryptedTextField(default="", blank=True)
    place_to = EncryptedTextField(default="", blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "home", "kind"],
                condition=Q(ended_at=None),
                name="residence_once_now",
            ),
            models.CheckConstraint(
                name="residence_ends_after_start",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            # A person's history, and a home's.
            models.Index(fields=["tenant_id", "person", "id"], name="residence_of_person"),
            models.Index(fields=["tenant_id", "home", "id"], name="residence_of_home"),
        ]


class RelationKind(models.TextChoices):
    """What the other one is to the person."""

    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    SIBLING = "sibling", _("兄弟姐妹")
    GUARDIAN = "guardian", _("监护人")
    RELATIVE = "relative", _("亲属")
    NEIGHBOUR = "neighbour", _("邻居")
    FRIEND = "friend", _("朋友")
    CARER = "carer", _("照护人")


class Relation(TenantModel):
    """Somebody who belongs to a person: of the register, or by name and phone alone."""

    PERSONAL: ClassVar = {
        "person": "name", "other": "name", "kind": "text", "name": "name", "phone": "phone",
        "phone_hash": "hash",
    }  # fmt: skip
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "is_contact", "created_at", "ended_at"}

    person = TenantForeignKey(Person, models.PROTECT, related_name="relations")
    other = TenantForeignKey(Person, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=9, choices=RelationKind)
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_hash = models.CharField(max_length=32, default="", blank=True)
    is_contact = models.BooleanField(default=False)  # to be told in an emergency
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "person", "id"], name="relation_of_person"),
            # Who names this person, when two records turn out to be one.
            models.Index(
                fields=["tenant_id", "other"], name="relation_to_person",
                condition=Q(other__isnull=False),
            ),
        ]  # fmt: skip
