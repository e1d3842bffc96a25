"""What the pages of patrols share: where to go next, and what was done there."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import Request

_DONE: Final = {
    "fine": _("看过了，都正常。"),
    "found": _("发现的问题已经立单。"),
    "skipped": _("记下了原因，这个点还算没看。"),
    "finished": _("这次巡查结束了。"),
    "signing": _("您签了字，等另一方也签了才算走完。"),
    "signed": _("已签字。"),
    "persuaded": _("记下了。只记哪一条、在哪里、结果怎样。"),
    "taken": _("记下了。"),
    "saved": _("已保存。"),
    "ended": _("已停。以前的记录还在。"),
    "made": _("已安排，走访的人今天就能看到。"),
    "opened": _("已立治本单，和别的工单一样办。"),
    "dismissed": _("记下了理由，不立单。"),
}


def done_words(request: Request) -> Any:
    """Return what a page says after something was done, from the word in the address."""
    return _DONE.get(request.GET.get("done", ""), "")


def go(view: str, *args: Any, **query: str) -> HttpResponseRedirect:
    """Go to another page of the room."""
    address = reverse(f"patrols:{view}", args=args)
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
