"""Words and tones of care as any page shows them: what was just done, outcomes of a visit."""

from typing import Any, Final

from django.utils.translation import gettext_lazy

OUTCOMES: Final = {"safe": "done", "wrong": "new", "away": "wait"}
DONE: Final = {
    "safe": gettext_lazy("记下了：平安。"),
    "wrong": gettext_lazy("记下了，已经报给社区，有人接着办。"),
    "away": gettext_lazy("记下了：不在家。"),
    "second": gettext_lazy("记下了。两次没见到人，今天转给第二走访人。"),
    "desk": gettext_lazy("记下了。一直没见到人，已经报给社区。"),
    "late": gettext_lazy("记下了。这位居民已经不在走访名单里，社区看得到您写的。"),
    "started": gettext_lazy("已列入关怀，今天起走访。"),
    "changed": gettext_lazy("安排改好了。"),
    "ended": gettext_lazy("已结束走访，记录都留着。"),
    "family": gettext_lazy("联系人留好了。"),
    "dropped": gettext_lazy("联系人撤下了。"),
    "on": gettext_lazy("已开启，走访的人现在看到的就是这些人。"),
    "off": gettext_lazy("已结束，恢复平常的走访。"),
}


def word_of(visit: Any) -> str:
    """Return the key of the words for what came of a visit."""
    if not visit.is_counted:
        return "late"
    turn = visit.profile.turn
    return turn if visit.outcome == "away" and turn != "first" else str(visit.outcome)
