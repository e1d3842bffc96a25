"""A community at work, and a key that may do whatever a key may."""

from types import SimpleNamespace

from linli.cases.tests.makers import make_case, make_neighbourhood
from linli.clients.selectors import DUTIES
from linli.clients.tests.makers import make_key
from linli.kernel import clock
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of
from linli.publishing.services import ArticleSheet, write_article


def make_world() -> SimpleNamespace:
    """Return the community with a case, a lead who may do everything, and `key`. The tenant is set."""
    world = make_neighbourhood()
    (post_id,) = world.lead.post_ids
    for duty in (*DUTIES, "clients.manage"):
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    world.lead = actor_of(world.lead.account_id, clock.now())
    world.case = make_case(world, at=clock.now())
    world.article = write_article(
        sheet=ArticleSheet(title="停水", text="八点停水。"), kind="notice",
        community_id=world.community.pk, actor=world.lead, now=clock.now(),
    )  # fmt: skip
    world.key = make_key(world.lead, world.community, DUTIES, per_minute=6000).text
    return world
