"""What a visit may find, in whose hands somebody is, why care ends, which alerts and needs there are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """The three buttons of a knock card (beyond.md, 11)."""

    SAFE = "safe", _("平安")
    WRONG = "wrong", _("有事")
    AWAY = "away", _("不在家")


class Turn(TextChoices):
    """In whose hands somebody is today."""

    FIRST = "first", _("第一走访人")
    SECOND = "second", _("第二走访人")
    DESK = "desk", _("社区")


class Manner(TextChoices):
    """How somebody was looked after."""

    KNOCK = "knock", _("敲门")
    VISIT = "visit", _("走访")
    CALL = "call", _("打电话")


class Trouble(TextChoices):
    """What is wrong, as the card asks; each in two or three words."""

    FALL = "fall", _("摔倒、受伤")
    ILL = "ill", _("生病、不舒服")
    MEDICINE = "medicine", _("药断了")
    HOME = "home", _("家里东西坏了")
    FOOD = "food", _("吃饭、买菜有困难")
    MOOD = "mood", _("心里难受")
    OTHER = "other", _("其他")


class EndReason(TextChoices):
    """Why somebody is not looked after any more."""

    MOVED = "moved", _("搬走了")
    DIED = "died", _("去世了")
    RECOVERED = "recovered", _("不再需要")
    REFUSED = "refused", _("本人不愿意")
    MERGED = "merged", _("和另一份档案合并")


class Relation(TextChoices):
    """Who a family contact is."""

    CHILD = "child", _("子女")
    SPOUSE = "spouse", _("配偶")
    SIBLING = "sibling", _("兄弟姐妹")
    RELATIVE = "relative", _("其他亲属")
    NEIGHBOUR = "neighbour", _("邻居、朋友")


class AgreedHow(TextChoices):
    """How somebody agreed."""

    PAPER = "paper", _("签了纸面同意书")
    PRESENT = "present", _("当面口头同意")
    PHONE = "phone", _("电话里同意")


class Need(TextChoices):
    """What somebody cannot be without. Health facts: kept encrypted, shown to visitors only."""

    MEDICINE = "medicine", _("长期用药")
    DIALYSIS = "dialysis", _("透析")
    OXYGEN = "oxygen", _("吸氧、靠电的设备")
    WARMTH = "warmth", _("怕冷，要取暖")
    COOLING = "cooling", _("怕热，要降温")
    WATER = "water", _("存不了水，要送水")
    MEALS = "meals", _("自己做不了饭")
    MOBILITY = "mobility", _("行动不便")


class AlertKind(TextChoices):
    """What turns the day's list into those who cannot wait (beyond.md, 12)."""

    SNOW = "snow", _("大雪")
    COLD = "cold", _("寒潮")
    HEAT = "heat", _("高温")
    WATER = "water", _("停水")
    POWER = "power", _("停电")
    LIFT = "lift", _("电梯停用")
    STORM = "storm", _("台风暴雨")


class TaskState(TextChoices):
    """How far one person is on the board of an alert."""

    OPEN = "open", _("还没联系上")
    AWAY = "away", _("去过，不在家")
    REACHED = "reached", _("已联系上")
    WRONG = "wrong", _("有事，正在办")
    GONE = "gone", _("不在名单上了")  # taken off before anybody met them; `gone_why` says why


class GoneWhy(TextChoices):
    """Why somebody was taken off the board of an alert: care ended, or the alert is no longer about them."""

    MOVED = "moved", _("搬走了")
    DIED = "died", _("去世了")
    RECOVERED = "recovered", _("不再需要")
    REFUSED = "refused", _("本人不愿意")
    MERGED = "merged", _("和另一份档案合并")
    CHANGED = "changed", _("情况变了，这次不用问")
