"""Every change to posts: organisations, posts, terms, substitutions, routing, what was parked."""

from linli.posts.selectors.book import register_category_source
from linli.posts.services.departures import end_holdings_of
from linli.posts.services.organisations import (
    change_organisation,
    create_organisation,
    end_organisation,
)
from linli.posts.services.posts import PostSheet, change_post, create_post, end_post
from linli.posts.services.routing import RuleSheet, add_rule, change_rule, remove_rule
from linli.posts.services.running import try_event_again, try_job_again
from linli.posts.services.standing_in import end_substitution, set_substitute
from linli.posts.services.terms import (
    appoint,
    appoint_newcomer,
    end_holding,
)

__all__ = [
    "PostSheet",
    "RuleSheet",
    "add_rule",
    "appoint",
    "appoint_newcomer",
    "change_organisation",
    "change_post",
    "change_rule",
    "create_organisation",
    "create_post",
    "end_holding",
    "end_holdings_of",
    "end_organisation",
    "end_post",
    "end_substitution",
    "register_category_source",
    "remove_rule",
    "set_substitute",
    "try_event_again",
    "try_job_again",
]
