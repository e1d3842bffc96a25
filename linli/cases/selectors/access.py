"""Who may see which case. What is not granted looks absent."""

from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.models import Case, Follower
from linli.kernel import secrets
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.prepared import PreparedModels

_LOADED = (
    "category",
    "service_level",
    "community",
    "grid",
    "estate",
    "building",
    "handler_post",
    "handler_organisation",
    "handler_account",
    "reporter",
)


def visible_to(actor: Actor) -> Q:
    """Return the condition for cases that the actor may see.

    Three ways: a post that views the place and the case is not confidential; a post for
    confidential
    cases of the place; the case is in the hands of the actor's post or organisation. A post that
    watches over a rung below keeps seeing what went up from there.
    """
    mine = Q(handler_post_id__in=actor.post_ids) | Q(
        handler_organisation_id__in=actor.organisation_ids
    )
    return (
        (_at(actor.scopes("cases.view")) & Q(is_confidential=False))
        | _at(actor.scopes("cases.confidential"))
        | mine
    )


def _at(paths: tuple[str, ...]) -> Q:
    """Return the condition for places below the paths; no path is nowhere."""
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return where


def get_case(case_id: UUID, actor: Actor, *, lock: bool = False) -> Case:
    """Return one case that the actor may see.

    lock: take the row lock; only inside a transaction that will change the case.
    Errors: NotFound, the same whether the case is absent, confidential or another community's.
    """
    return _one(actor, case_id, lock=lock)


def sees(case_id: UUID, actor: Actor) -> bool:
    """Tell whether the actor may open the case."""
    return Case.objects.filter(visible_to(actor), pk=case_id).exists()


def get_by_token(token: str, *, lock: bool = False) -> Case:
    """Return the case of a secret link; the tenant named in it must be set.

    Errors: NotFound for a link that was guessed, altered or revoked.
    """
    read = secrets.read_token(token)
    if read is None:
        raise NotFound("这个链接打不开。请核对一下，或用编号和手机尾号查找。")
    case = _one(None, read.case_id, lock=lock)
    if case.link_version != read.version:
        raise NotFound("这个链接已经停用。请用编号和手机尾号查找，或联系社区。")
    return case


FOLLOWER_LINK = "follower link"


def get_follower(token: str, *, lock: bool = False) -> Follower:
    """Return whoever a follower's secret link belongs to, with the case; the tenant must be set.

    lock: lock the case's row, as its own link does. Errors: NotFound, also after they left.
    """
    read = secrets.read_token(token, kind=FOLLOWER_LINK)
    found = Follower.objects.filter(pk=read.case_id, left_at=None).first()
    if found is None or found.link_version != read.version:
        raise NotFound("这个链接已经停用。您可以重新上报，或联系社区。")
    found.case = _one(None, found.case_id, lock=lock)
    return found


def _one(actor: Actor | None, case_id: UUID, *, lock: bool) -> Case:
    """Return the case as an actor sees it, or (None) whoever holds its secret."""
    found = _find(actor, case_id=case_id) if not lock else _locked(_build(actor, case_id=case_id))
    for case in found:
        return case
    raise NotFound("没有找到这件工单。")


def _locked(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_for_update(of=("self",)).select_related("category", "service_level")


def _build(actor: Actor | None, *, case_id: UUID) -> QuerySet[Case]:
    rows = Case.objects.filter(pk=case_id)
    return rows if actor is None else rows.filter(visible_to(actor))


_find = PreparedModels(_build, related=_LOADED, without=("community__polygon", "grid__polygon"))
