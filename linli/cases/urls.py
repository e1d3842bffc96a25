"""The addresses of the room's pages, by door."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.cases.selectors import rail
from linli.cases.views import (
    case,
    categories,
    desk,
    exports,
    field,
    filters,
    followups,
    judging,
    mailboxes,
    paper,
    register,
    resident_case,
    resident_find,
    resident_following,
    resident_report,
    resident_snapshot,
    settings,
    whistle_addresses,
)
from linli.cases.views.open311 import addresses
from linli.kernel import web

app_name = "cases"

_DESK: list[URLPattern | URLResolver] = [
    path("desk/cases/", desk.queue, name="queue"),
    path("desk/cases/export/", exports.export, name="export"),
    path("desk/cases/imports/", mailboxes.mailbox_list, name="mailboxes"),
    path("desk/cases/imports/<uuid:mailbox_id>/", mailboxes.mailbox, name="mailbox"),
    path(
        "desk/cases/imports/<uuid:mailbox_id>/import/",
        mailboxes.mailbox_import,
        name="mailbox_import",
    ),
    path(
        "desk/cases/imports/<uuid:mailbox_id>/discarding/",
        mailboxes.mailbox_discard,
        name="mailbox_discard",
    ),
    path("desk/cases/assignments/", desk.assign_many, name="assign_many"),
    path("desk/cases/acceptances/", desk.accept_many, name="accept_many"),
    path("desk/cases/actions/<uuid:action_id>/undo/", desk.undo_many, name="undo_many"),
    path("desk/cases/new/", register.register, name="register"),
    path("desk/cases/new/look/", register.look, name="register_look"),
    path("desk/cases/new/<uuid:case_id>/", register.entered, name="entered"),
    path("desk/cases/new/<uuid:case_id>/slip/", register.slip, name="entered_slip"),
    path("desk/cases/filters/", filters.save, name="filter_save"),
    path("desk/cases/filters/<uuid:filter_id>/deletion/", filters.delete, name="filter_delete"),
    path("desk/followups/", followups.waiting, name="followups"),
    path("desk/followups/export/", followups.export, name="followup_export"),
    path("desk/followups/samples/", followups.samples, name="followup_samples"),
    path("desk/followups/shares/", followups.shares, name="followup_shares"),
    path(
        "desk/followups/shares/<uuid:share_id>/ending/",
        followups.end_share,
        name="followup_share_ending",
    ),
    path("desk/followups/exclusions/", followups.exclusions, name="exclusions"),
    path("desk/followups/<uuid:followup_id>/", followups.followup, name="followup"),
    path("desk/followups/<uuid:followup_id>/answers/", followups.answers, name="followup_answers"),
    path(
        "desk/followups/<uuid:followup_id>/attempts/", followups.attempts, name="followup_attempts"
    ),
    path("desk/followups/<uuid:followup_id>/contact/", followups.contact, name="followup_contact"),
    path("desk/cases/<uuid:case_id>/sheet/", paper.sheet, name="case_sheet"),
    path("desk/cases/<uuid:case_id>/", case.case, name="desk_case"),
    path("desk/cases/<uuid:case_id>/contact/", case.reveal, name="desk_contact"),
    path(
        "desk/cases/<uuid:case_id>/photos/<uuid:photo_id>/<str:size>/",
        case.photo,
        name="desk_photo",
    ),
    path("desk/cases/<uuid:case_id>/suggestion/taken/", judging.take, name="suggestion_taken"),
    path("desk/cases/<uuid:case_id>/suggestion/doubt/", judging.doubt, name="suggestion_doubt"),
    path(
        "desk/cases/<uuid:case_id>/suggestion/difference/",
        judging.tell_apart,
        name="suggestion_difference",
    ),
    path("desk/cases/<uuid:case_id>/<slug:action>/", case.act, name="desk_act"),
]

_FIELD: list[URLPattern | URLResolver] = [
    path("field/cases/", field.cases, name="field_list"),
    path("field/report/", field.report, name="field_report"),
    path("field/cases/<uuid:case_id>/", case.case, name="field_case"),
    path("field/cases/<uuid:case_id>/contact/", case.reveal, name="field_contact"),
    path(
        "field/cases/<uuid:case_id>/photos/<uuid:photo_id>/<str:size>/",
        case.photo,
        name="field_photo",
    ),
    path("field/cases/<uuid:case_id>/<slug:action>/", case.act, name="field_act"),
]

_RESIDENT: list[URLPattern | URLResolver] = [
    path("s/<str:code>/report/", resident_report.report_at_code, name="report_at_code"),
    path("at/<str:community>/report/", resident_report.report, name="report"),
    path("at/<str:community>/followed/", resident_report.followed, name="followed"),
    path("at/<str:community>/snap/", resident_snapshot.snapshot, name="snapshot"),
    path("c/<str:token>/", resident_case.show, name="progress"),
    path("c/<str:token>/receipt/", resident_case.receipt, name="receipt"),
    path("c/<str:token>/photos/<uuid:photo_id>/", resident_case.photo, name="own_photo"),
    path("c/<str:token>/photos/<uuid:photo_id>/thumb/", resident_case.thumb, name="own_thumb"),
    path("c/<str:token>/additions/", resident_case.addition, name="addition"),
    path("c/<str:token>/urges/", resident_case.urge, name="urge"),
    path("c/<str:token>/withdrawal/", resident_case.withdrawal, name="withdrawal"),
    path("c/<str:token>/rating/", resident_case.rating, name="rating"),
    path("f/<str:token>/", resident_following.show, name="following"),
    path(
        "f/<str:token>/photos/<uuid:photo_id>/<str:size>/",
        resident_following.photo,
        name="following_photo",
    ),
    path("f/<str:token>/additions/", resident_following.addition, name="following_addition"),
    path("f/<str:token>/urges/", resident_following.urge, name="following_urge"),
    path("f/<str:token>/rating/", resident_following.rating, name="following_rating"),
    path("f/<str:token>/leaving/", resident_following.leaving, name="following_leaving"),
    path("find/", resident_find.find, name="find"),
    path("my/", resident_find.my, name="my"),
]

_SET = "desk/settings/"
_SETTINGS: list[URLPattern | URLResolver] = [
    path(_SET, categories.categories, name="settings"),
    path(f"{_SET}categories/new/", categories.new_category, name="category_new"),
    path(f"{_SET}categories/<uuid:category_id>/", categories.category, name="category"),
    path(
        f"{_SET}categories/<uuid:category_id>/place/",
        categories.move_category,
        name="category_place",
    ),
    path(
        f"{_SET}categories/<uuid:category_id>/ending/",
        categories.end_category,
        name="category_ending",
    ),
    path(
        f"{_SET}categories/<uuid:category_id>/restoration/",
        categories.restore_category,
        name="category_restoration",
    ),
    path(f"{_SET}levels/", settings.levels, name="settings_levels"),
    path(f"{_SET}levels/new/", settings.new_level, name="level_new"),
    path(f"{_SET}levels/example/", settings.level_example, name="level_example"),
    path(f"{_SET}levels/<uuid:level_id>/", settings.level, name="level"),
    path(f"{_SET}numbers/", settings.numbers, name="settings_numbers"),
    path(f"{_SET}judgement/", judging.record, name="settings_judgement"),
    path(f"{_SET}judgement/learning/", judging.learn, name="judgement_learning"),
    path(f"{_SET}judgement/starter/", judging.starter, name="judgement_starter"),
    path(f"{_SET}templates/", settings.templates, name="settings_templates"),
    path(f"{_SET}templates/new/", settings.template, name="template_new"),
    path(f"{_SET}templates/<uuid:template_id>/", settings.template, name="template"),
    path(
        f"{_SET}templates/<uuid:template_id>/ending/",
        settings.end_template,
        name="template_ending",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *addresses.OPEN311, *whistle_addresses.ADDRESSES, *_RESIDENT, *_FIELD, *_SETTINGS, *_DESK,
]  # fmt: skip

web.register_nav(
    "desk",
    web.NavItem(label=_("工单"), url_name="cases:queue", icon="inbox", duty="cases.view", order=10),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("登记"),
        tab=_("来电来访"),
        url_name="cases:register",
        icon="phone-incoming",
        duty="cases.enter",
        order=15,
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("群聊受理"),
        url_name="cases:chats",
        icon="messages-square",
        duty="cases.enter",
        order=16,
        under="cases:register",
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("协同"),
        tab=_("吹哨"),
        url_name="cases:whistles",
        icon="megaphone",
        duty="cases.view",
        order=17,
        count=rail.whistle_count,
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("裁定"),
        url_name="cases:arbitrations",
        icon="gavel",
        duty="cases.arbitrate",
        order=18,
        count=rail.arbitration_count,
        under="cases:whistles",
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("回访"),
        url_name="cases:followups",
        icon="headset",
        duty="cases.follow_up",
        order=20,
    ),
)
web.register_nav(
    "field",
    web.NavItem(
        label=_("网格"), url_name="cases:field_list", icon="layers", duty="cases.view", order=20
    ),
)
web.register_nav(
    "field",
    web.NavItem(
        label=_("上报"),
        url_name="cases:field_report",
        icon="camera",
        duty="cases.handle",
        order=30,
        main=True,
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("类别与时限"),
        url_name="cases:settings",
        icon="sliders-horizontal",
        duty="cases.configure",
        order=700,
        group=_("设置"),
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("导入旧信箱"),
        url_name="cases:mailboxes",
        icon="mail",
        duty="cases.enter",
        order=17,
        under="cases:register",
    ),
)
