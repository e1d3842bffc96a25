"""Who may see whom. What is not granted looks absent.

Two ways: a post that views care at the place; a visitor's post, for those it was named for and no
others, so that a building head knows of the four people at their stairs and not of the grid's forty.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.care.models import CareProfile, FamilyContact
from linli.kernel import secrets
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.places import selectors as places

VIEW: Final = "care.view"
VISIT: Final = "care.visit"
MANAGE: Final = "care.manage"
FAMILY_LINK: Final = "care family link"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody views care, as lists ask along their index."""

    is_everywhere: bool
    community_ids: tuple[UUID, ...] = ()
    paths: tuple[str, ...] = ()  # of grids, each within one of the communities `near`
    near: tuple[UUID, ...] = ()

    def condition(self, of: str = "") -> Q:
        """Return the condition for profiles of these places. of: the way to them, as "profile__"."""
        if self.is_everywhere:
            return Q(**{f"{of}pk__isnull": False})
        where = Q(pk__in=[])
        if len(self.community_ids) == 1 and not self.paths:
            # An equality keeps the order of the index; a list of one does not, on SQLite.
            return Q(**{f"{of}community_id": self.community_ids[0]})
        if self.community_ids:
            where |= Q(**{f"{of}community_id__in": self.community_ids})
        for path in self.paths:
            here = {f"{of}community_id__in": self.near, f"{of}area_path__startswith": path}
            where |= Q(**here)
        return where


def scope_of(actor: Actor, duty: str = VIEW) -> Scope:
    """Return where the actor holds a duty of care. Errors: NotAllowed, when nowhere."""
    paths = actor.scopes(duty)
    if not paths:
        actor.require(duty)
    if any(path.count("/") <= 1 for path in paths):  # "" or the district's own: all there is
        return Scope(is_everywhere=True)
    community_ids = tuple(places.community_ids(paths))
    grids = tuple(path for path in paths if not places.community_ids((path,)))
    near = {found.pk for path in grids if (found := places.community_of_path(path))}
    return Scope(False, community_ids, grids, tuple(sorted(near)))


def seen_by(actor: Actor) -> Q:
    """Return the condition for profiles that the actor may open, one at a time."""
    where = Q(pk__in=[])
    for path in {*actor.scopes(VIEW), *actor.scopes(MANAGE)}:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return where | named(actor)


def named(actor: Actor) -> Q:
    """Return the condition for profiles whose visitor the actor's posts are."""
    if not actor.can(VISIT) or not actor.post_ids:
        return Q(pk__in=[])
    return Q(post_id__in=actor.post_ids) | Q(second_post_id__in=actor.post_ids)


def get_profile(profile_id: UUID, actor: Actor, *, lock: bool = False) -> CareProfile:
    """Return one profile that the actor may see.

    lock: take the row lock; only inside a transaction that will change it.
    Errors: NotFound, the same whether it is absent, not for this post or another community's.
    """
    rows = CareProfile.objects.filter(seen_by(actor))
    if lock:
        rows = rows.select_for_update(of=("self",)).select_related("level")
    else:
        rows = rows.select_related("level", "post", "second_post", "community")
        rows = rows.defer("community__polygon")
    try:
        return rows.get(pk=profile_id)
    except CareProfile.DoesNotExist:
        raise NotFound(_("没有找到这份关怀档案。")) from None


def may_visit(profile: CareProfile, actor: Actor) -> bool:
    """Tell whether the actor may write a visit down: by post, or by duty over the place."""
    own = {profile.post_id, profile.second_post_id} & actor.post_ids
    if own and actor.can(VISIT):
        return True
    sees = actor.can(VIEW, profile.area_path) or actor.can(MANAGE, profile.area_path)
    return sees and actor.can(VISIT, profile.area_path)


def get_family(token: str, *, lock: bool = False) -> FamilyContact:
    """Return whose secret link this is, with the profile; the tenant named in it must be set.

    Errors: NotFound for a link that was guessed, altered or revoked.
    """
    read = secrets.read_token(token, kind=FAMILY_LINK)
    rows = FamilyContact.objects.select_related("profile__community")
    rows = rows.defer("profile__community__polygon")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=read.case_id).first()
    if found is None or found.link_version != read.version:
        raise NotFound(_("这个链接打不开。请核对一下，或者打电话给社区。"))
    return found
