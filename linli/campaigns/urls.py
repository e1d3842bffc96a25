"""The addresses of campaigns and of the three lists: the desk's, the field's, and a raiser's own link."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.campaigns.selectors.campaigns import running_count
from linli.campaigns.views import dockets, gathering, matters, planning, results, site
from linli.kernel import web

app_name = "campaigns"
_ONE = "desk/campaigns/<uuid:campaign_id>"
_ENTRY = "campaigns/entries/<uuid:entry_id>"
_MATTER = "matters/<uuid:matter_id>"
_DESK_MATTER = "desk/lists/matters/<uuid:matter_id>"
_SHOT = "photos/<uuid:photo_id>/<str:size>/"
_PHOTO = f"{_ENTRY}/{_SHOT}"
_DOCKET = "desk/lists/<uuid:docket_id>"

_DESK: list[URLPattern | URLResolver] = [
    path("desk/campaigns/", planning.overview, name="campaigns"),
    path("desk/campaigns/new/", planning.plan, name="campaign_new"),
    path(f"{_ONE}/", planning.campaign, name="campaign"),
    path(f"{_ONE}/plan/", planning.edit, name="plan"),
    path(f"{_ONE}/days/", planning.day, name="day"),
    path(f"{_ONE}/parts/", planning.part, name="part"),
    path(f"{_ONE}/team/", planning.member, name="member"),
    path("desk/campaigns/team/<uuid:member_id>/ending/", planning.member_end, name="member_end"),
    path(f"{_ONE}/state/", planning.move, name="move"),
    path(f"{_ONE}/entries/", gathering.entries, name="entries"),
    path(f"{_ONE}/entries/new/", gathering.entry_new, name="entry_new"),
    path(f"{_ONE}/entries/cases/", gathering.from_cases, name="from_cases"),
    path(f"{_ONE}/entries/import/", gathering.table, name="table"),
    path(f"{_ONE}/entries/list.xlsx", gathering.workbook, name="workbook"),
    path(f"{_ONE}/entries/paper/", results.paper, name="list_paper"),
    path("desk/campaigns/imports/<uuid:import_id>/", gathering.table_rows, name="import"),
    path(
        "desk/campaigns/imports/<uuid:import_id>/entries/",
        gathering.table_confirm,
        name="import_confirm",
    ),
    path(
        "desk/campaigns/imports/<uuid:import_id>/discarding/",
        gathering.table_discard,
        name="import_discard",
    ),
    path(f"{_ONE}/result/", results.result, name="result"),
    path(f"{_ONE}/result.pdf", results.result_pdf, name="result_pdf"),
    path(f"{_ONE}/lists/", dockets.of_campaign, name="docket_of_campaign"),
    path(f"desk/{_ENTRY}/", site.entry, name="desk_entry"),
    path(f"desk/{_ENTRY}/settlement/", site.settle, name="desk_settlement"),
    path(f"desk/{_ENTRY}/handing/", site.hand, name="desk_handing"),
    path(f"desk/{_ENTRY}/giving-up/", site.give_up, name="desk_giving_up"),
    path(f"desk/{_ENTRY}/reopening/", site.reopen, name="desk_reopening"),
    path(f"desk/{_PHOTO}", site.photo, name="desk_photo"),
]

_LISTS: list[URLPattern | URLResolver] = [
    path("desk/lists/", dockets.overview, name="dockets"),
    path("desk/lists/new/", dockets.docket_new, name="docket_new"),
    path(f"{_DOCKET}/", dockets.docket, name="docket"),
    path(f"{_DOCKET}/matters/", dockets.matter_new, name="matter_new"),
    path(f"{_DOCKET}/agenda/", dockets.agenda, name="agenda"),
    path(f"{_DOCKET}/paper/", dockets.paper, name="docket_paper"),
    path(f"{_DOCKET}/lists.xlsx", dockets.workbook, name="docket_workbook"),
    path(f"{_DOCKET}/next.ics", dockets.invitation, name="invitation"),
    path(f"{_DESK_MATTER}/", matters.matter, name="desk_matter"),
    path(f"{_DESK_MATTER}/agreement/", matters.agreement, name="desk_matter_agreement"),
    path(f"{_DESK_MATTER}/evidence/", matters.evidence, name="desk_matter_evidence"),
    path(f"{_DESK_MATTER}/word/", matters.word, name="desk_matter_word"),
    path(f"{_DESK_MATTER}/note/", matters.note, name="desk_matter_note"),
    path(f"{_DESK_MATTER}/check/", matters.check, name="desk_matter_check"),
    path(f"{_DESK_MATTER}/slip/", matters.slip, name="matter_slip"),
    path(f"{_DESK_MATTER}/{_SHOT}", matters.photo, name="desk_matter_photo"),
]

_FIELD: list[URLPattern | URLResolver] = [
    path("field/campaigns/", site.mine, name="field_campaigns"),
    path("field/campaigns/<uuid:campaign_id>/", site.site, name="site"),
    path("field/campaigns/<uuid:campaign_id>/new/", site.entry_new, name="field_entry_new"),
    path(f"field/{_ENTRY}/", site.entry, name="field_entry"),
    path(f"field/{_ENTRY}/settlement/", site.settle, name="field_settlement"),
    path(f"field/{_ENTRY}/handing/", site.hand, name="field_handing"),
    path(f"field/{_ENTRY}/giving-up/", site.give_up, name="field_giving_up"),
    path(f"field/{_ENTRY}/reopening/", site.reopen, name="field_reopening"),
    path(f"field/{_PHOTO}", site.photo, name="field_photo"),
    path("field/matters/", matters.mine, name="field_matters"),
    path(f"field/{_MATTER}/", matters.matter, name="field_matter"),
    path(f"field/{_MATTER}/evidence/", matters.evidence, name="field_matter_evidence"),
    path(f"field/{_MATTER}/word/", matters.word, name="field_matter_word"),
    path(f"field/{_MATTER}/{_SHOT}", matters.photo, name="field_matter_photo"),
]

_RAISER: list[URLPattern | URLResolver] = [
    path("m/<str:token>/", matters.by_link, name="word"),
    path("m/<str:token>/answers/", matters.said_by_link, name="word_said"),
    path(f"m/<str:token>/{_SHOT}", matters.photo_by_link, name="word_photo"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_DESK, *_LISTS, *_FIELD, *_RAISER]

web.register_nav(
    "desk",
    web.NavItem(
        label=_("整治行动"),
        url_name="campaigns:campaigns",
        icon="truck",
        duty="campaigns.view",
        order=330,
        group=_("一线"),
        count=running_count,
    ),
)
web.register_nav(
    "desk",
    web.NavItem(
        label=_("三张清单"),
        url_name="campaigns:dockets",
        icon="list-checks",
        duty="campaigns.view",
        order=340,
        group=_("一线"),
    ),
)
