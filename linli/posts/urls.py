"""The addresses of the room's pages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import NavItem, register_nav
from linli.posts.views import (
    allowances,
    desk,
    feeds,
    handovers,
    offices,
    routing,
    stations,
    terms,
    turns,
    wording,
)

app_name = "posts"

_POST = "desk/posts/<uuid:post_id>/"
_ALLOWANCE = "desk/posts/allowances/<uuid:rule_id>/"
_STATION = "desk/posts/stations/<uuid:station_id>/"
_HANDOVER = "desk/posts/handovers/<uuid:handover_id>/"
_MINE = "field/handovers/<uuid:handover_id>/"
_BODY = "desk/posts/organisations/"

urlpatterns = [
    path("desk/posts/", desk.posts, name="posts"),
    path("desk/posts/export/", desk.export, name="export"),
    path(f"{_BODY}new/", desk.new_organisation, name="new_organisation"),
    path(f"{_BODY}<uuid:organisation_id>/", desk.organisation, name="organisation"),
    path(
        f"{_BODY}<uuid:organisation_id>/ending/",
        desk.organisation_ending,
        name="organisation_ending",
    ),
    path(f"{_BODY}<uuid:organisation_id>/posts/new/", desk.new_post, name="new_post"),
    path("desk/posts/routing/", routing.routing, name="routing"),
    path("desk/posts/routing/new/", routing.new_rule, name="new_rule"),
    path("desk/posts/routing/<uuid:rule_id>/", routing.rule, name="rule"),
    path("desk/posts/routing/<uuid:rule_id>/removal/", routing.rule_removal, name="rule_removal"),
    path(
        "desk/posts/holdings/<uuid:holding_id>/ending/", terms.holding_ending, name="holding_ending"
    ),
    path("desk/posts/handovers/", handovers.handovers, name="handovers"),
    path(_HANDOVER, handovers.handover, name="handover"),
    path(f"{_HANDOVER}sheet/", handovers.sheet, name="handover_sheet"),
    path(f"{_HANDOVER}successor/", handovers.successor, name="handover_successor"),
    path(f"{_HANDOVER}signature/", handovers.signature, name="handover_signature"),
    path(f"{_HANDOVER}keeping/", handovers.keeping, name="handover_keeping"),
    path(f"{_HANDOVER}withdrawal/", handovers.withdrawal, name="handover_withdrawal"),
    path("field/handovers/", handovers.mine, name="my_handovers"),
    path(_MINE, handovers.handover, name="my_handover"),
    path(f"{_MINE}sheet/", handovers.sheet, name="my_handover_sheet"),
    path(f"{_MINE}outgoing/", handovers.outgoing, name="handover_outgoing"),
    path(f"{_MINE}incoming/", handovers.incoming, name="handover_incoming"),
    path(
        "desk/posts/belongings/<uuid:belonging_id>/ending/",
        terms.belonging_ending,
        name="belonging_ending",
    ),
    path("desk/posts/allowances/", allowances.allowances, name="allowances"),
    path(_ALLOWANCE, allowances.allowance, name="allowance"),
    path(f"{_ALLOWANCE}xlsx/", allowances.allowance_xlsx, name="allowance_xlsx"),
    path(f"{_ALLOWANCE}freezing/", allowances.freezing, name="freezing"),
    path(f"{_ALLOWANCE}ending/", allowances.allowance_ending, name="allowance_ending"),
    path(f"{_POST}duties/", wording.duty_sheet, name="duty_sheet"),
    path("field/posts/<uuid:post_id>/duties/", wording.my_duties, name="my_duties"),
    path(
        "field/posts/<uuid:post_id>/duties/acknowledgement/",
        wording.acknowledgement,
        name="acknowledgement",
    ),
    path("desk/posts/stations/", stations.stations, name="stations"),
    path("desk/posts/stations/new/", stations.new_station, name="new_station"),
    path(_STATION, stations.station, name="station"),
    path(f"{_STATION}change/", stations.station_change, name="station_change"),
    path(f"{_STATION}ending/", stations.station_ending, name="station_ending"),
    path(f"{_STATION}roster/", stations.roster, name="roster"),
    path(f"{_STATION}turns/", stations.turns, name="turns"),
    path(f"{_STATION}month/", stations.month, name="station_month"),
    path(f"{_STATION}members/", stations.members, name="members"),
    path(
        f"{_STATION}members/<uuid:member_id>/ending/", stations.member_ending, name="member_ending"
    ),
    path("desk/posts/turns/<uuid:turn_id>/ending/", stations.turn_ending, name="turn_ending"),
    path("calendar/<str:token>/turns.ics", feeds.calendar, name="calendar"),
    path("field/turns/calendar/", feeds.own, name="own_feed"),
    path("field/turns/calendar/<uuid:feed_id>/ending/", feeds.ending, name="feed_ending"),
    path(f"{_STATION}calendar/", feeds.of_station, name="station_feed"),
    path("field/turns/", turns.turns, name="my_turns"),
    path("field/turns/<uuid:turn_id>/swap/", turns.swap, name="swap"),
    path("field/swaps/<uuid:swap_id>/answer/", turns.answer, name="swap_answer"),
    path("field/swaps/<uuid:swap_id>/withdrawal/", turns.withdrawal, name="swap_withdrawal"),
    path(_POST, terms.post, name="post"),
    path(f"{_POST}belongings/", terms.belongings, name="belongings"),
    path(f"{_POST}change/", desk.post_change, name="post_change"),
    path(f"{_POST}ending/", desk.post_ending, name="post_ending"),
    path(f"{_POST}holdings/", terms.holdings, name="holdings"),
    path(f"{_POST}newcomers/", terms.newcomers, name="newcomers"),
    path(f"{_POST}substitutions/", terms.substitutions, name="substitutions"),
    path(
        f"{_POST}substitutions/<uuid:substitution_id>/ending/",
        terms.substitution_ending,
        name="substitution_ending",
    ),
    path("desk/audit/", offices.audit, name="audit"),
    path("desk/operate/", offices.operate, name="operate"),
    path("desk/operate/jobs/<uuid:job_id>/", offices.job_again, name="job_again"),
    path("desk/operate/events/<uuid:retry_id>/", offices.event_again, name="event_again"),
]


for label, url_name, icon, duty, order, group in (
    (_("岗位"), "posts:posts", "id-card", "posts.manage", 600, _("管理")),
    (_("派单规则"), "posts:routing", "route", "posts.manage", 610, _("管理")),
    (_("操作记录"), "posts:audit", "scroll-text", "kernel.audit", 830, _("运行")),
    (_("运行情况"), "posts:operate", "activity", "kernel.operate", 810, _("运行")),
):
    register_nav(
        "desk",
        NavItem(label=label, url_name=url_name, icon=icon, duty=duty, order=order, group=group),
    )
register_nav(
    "desk",
    NavItem(
        label=_("岗位交接"),
        url_name="posts:handovers",
        icon="repeat",
        duty="posts.manage",
        order=604,
        group=_("管理"),
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("值班"),
        url_name="posts:stations",
        icon="calendar-clock",
        duty="posts.roster",
        order=602,
        group=_("管理"),
    ),
)
register_nav(
    "desk",
    NavItem(
        label=_("岗位补贴"),
        url_name="posts:allowances",
        icon="wallet",
        duty="posts.manage",
        order=606,
        group=_("管理"),
    ),
)
