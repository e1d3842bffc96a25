"""Who may see a campaign, who works in it. What is not granted looks absent."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.campaigns.models import Campaign, Entry, Member
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotAllowed, NotFound

VIEW, WORK, MANAGE = "campaigns.view", "campaigns.work", "campaigns.manage"


def visible_to(actor: Actor) -> Q:
    """Return the condition for campaigns that the actor may see.

    A post that views or manages the place, a worker of a grid below it, or a member of its team:
    departments are confined to their organisation and see what they take part in.
    """
    where = Q(pk__in=_teams(actor))
    for path in {*actor.scopes(VIEW), *actor.scopes(MANAGE)}:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    above = {one for path in actor.scopes(WORK) for one in _prefixes(path)}
    return where | Q(area_path__in=above)


def _teams(actor: Actor) -> QuerySet:
    rows = Member.objects.filter(is_own(actor))
    return rows.values("campaign_id")


def is_own(actor: Actor) -> Q:
    """Return the condition for memberships of the actor's posts and organisations."""
    return Q(post_id__in=actor.post_ids) | Q(organisation_id__in=actor.organisation_ids)


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) + "/" for number in range(len(parts))]


def get_campaign(campaign_id: UUID, actor: Actor, *, lock: bool = False) -> Campaign:
    """Return a campaign that the actor may see. Errors: NotFound."""
    rows = Campaign.objects.filter(visible_to(actor), pk=campaign_id).select_related("community")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound(_("没有找到这次整治行动，或者您的岗位看不到它。"))
    return found


def get_entry(entry_id: UUID, actor: Actor, *, lock: bool = False) -> Entry:
    """Return an entry of a campaign that the actor may see. Errors: NotFound."""
    rows = Entry.objects.filter(
        pk=entry_id, campaign_id__in=Campaign.objects.filter(visible_to(actor)).values("pk")
    ).select_related("campaign__community", "kind", "part")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound(_("没有找到这一条，或者您的岗位看不到它。"))
    return found


def may_manage(campaign: Campaign, actor: Actor) -> bool:
    """Tell whether the actor plans this campaign."""
    return actor.can(MANAGE, campaign.area_path)


def works_at(campaign: Campaign, area_path: str, actor: Actor) -> bool:
    """Tell whether the actor works on entries there: on the team, the grid's own worker, or manager."""
    if may_manage(campaign, actor) or actor.can(WORK, area_path):
        return True
    if actor.kind is not ActorKind.STAFF:
        return False
    return Member.objects.filter(is_own(actor), campaign=campaign).exists()


def require_work(campaign: Campaign, area_path: str, actor: Actor) -> None:
    """Refuse unless the actor works on entries there. Errors: NotAllowed."""
    if not works_at(campaign, area_path, actor):
        raise NotAllowed(_("没有找到这一条，或者您的岗位看不到它。"))
