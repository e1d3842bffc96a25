"""The files of old mailboxes that somebody may see."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import MailboxFile
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.places import selectors as places


def get_mailbox(mailbox_id: UUID, actor: Actor, *, lock: bool = False) -> MailboxFile:
    """Return a file of a community where the actor takes matters down. Errors: NotFound."""
    rows = MailboxFile.objects.select_related("community", "category").defer("community__polygon")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=mailbox_id).first()
    if found is None or not actor.can("cases.enter", found.community.path):
        raise NotFound(_("没有找到这个文件。"))
    return found


def mailboxes_of(actor: Actor) -> "QuerySet[MailboxFile]":
    """Return the files of the actor's communities, newest first."""
    ids = [one.pk for one in places.communities_of(actor.scopes("cases.enter"))]
    rows = MailboxFile.objects.filter(community_id__in=ids).order_by("-id")
    return rows.select_related("community").defer("community__polygon")


def source_names() -> list[str]:
    """Return what mailboxes were called so far: the same name again is the same mailbox."""
    rows = MailboxFile.objects.order_by("source_name").values_list("source_name", flat=True)
    return list(rows.distinct()[:50])
