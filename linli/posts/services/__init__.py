"""Every change to posts: organisations, posts, terms, substitutions, routing, what was parked."""

from linli.posts.selectors.book import register_category_source
from linli.posts.services.allowances import (
    AllowanceData,
    end_allowance,
    freeze_month,
    last_month,
    set_allowance,
)
from linli.posts.services.belongings import end_belonging, keep_belonging
from linli.posts.services.departures import end_holdings_of
from linli.posts.services.feeds import open_feed, revoke_feed
from linli.posts.services.handovers import name_incoming, open_due
from linli.posts.services.notices import say_endings
from linli.posts.services.organisations import (
    change_organisation,
    create_organisation,
    end_organisation,
)
from linli.posts.services.posts import PostSheet, change_post, create_post, end_post
from linli.posts.services.roster import fill_days, put_on_duty, take_off_duty
from linli.posts.services.routing import RuleSheet, add_rule, change_rule, remove_rule
from linli.posts.services.running import try_event_again, try_job_again
from linli.posts.services.signing import (
    keep_lines,
    sign_for_outgoing,
    sign_incoming,
    sign_outgoing,
)
from linli.posts.services.standing_in import end_substitution, set_substitute
from linli.posts.services.stations import (
    StationSheet,
    change_station,
    create_station,
    end_station,
    leave_all,
    seat_member,
    unseat_member,
)
from linli.posts.services.swaps import answer_swap, ask_swap, withdraw_swap
from linli.posts.services.terms import (
    appoint,
    appoint_newcomer,
    end_holding,
)
from linli.posts.services.withdrawing import withdraw_handover
from linli.posts.services.wording import acknowledge_duties

__all__ = [
    "AllowanceData",
    "PostSheet",
    "RuleSheet",
    "StationSheet",
    "acknowledge_duties",
    "add_rule",
    "answer_swap",
    "appoint",
    "appoint_newcomer",
    "ask_swap",
    "change_organisation",
    "change_post",
    "change_rule",
    "change_station",
    "create_organisation",
    "create_post",
    "create_station",
    "end_allowance",
    "end_belonging",
    "end_holding",
    "end_holdings_of",
    "end_organisation",
    "end_post",
    "end_station",
    "end_substitution",
    "fill_days",
    "freeze_month",
    "keep_belonging",
    "keep_lines",
    "last_month",
    "leave_all",
    "name_incoming",
    "open_due",
    "open_feed",
    "put_on_duty",
    "register_category_source",
    "remove_rule",
    "revoke_feed",
    "say_endings",
    "seat_member",
    "set_allowance",
    "set_substitute",
    "sign_for_outgoing",
    "sign_incoming",
    "sign_outgoing",
    "take_off_duty",
    "try_event_again",
    "try_job_again",
    "unseat_member",
    "withdraw_handover",
    "withdraw_swap",
]
