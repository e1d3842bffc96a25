"""The addresses of whistles, of questions to the rung above and of group chats."""

from django.urls import path

from linli.cases.views import arbitrations, chats, whistle_parts, whistles

_W, _F, _A = "desk/whistles/", "field/whistles/", "desk/arbitrations/"
_C = "desk/chats/"
ADDRESSES = [
    path(_C, chats.chat_list, name="chats"),
    path(f"{_C}<uuid:chat_id>/", chats.chat, name="chat"),
    path(f"{_C}<uuid:chat_id>/original/", chats.original, name="chat_original"),
    path(f"{_C}<uuid:chat_id>/discarding/", chats.discard, name="chat_discard"),
    path(_W, whistles.whistle_list, name="whistles"),
    path(f"{_W}new/", whistles.blow_new, name="whistle_new"),
    path("desk/cases/<uuid:case_id>/whistle/", whistles.blow, name="whistle_blow"),
    path(f"{_W}<uuid:whistle_id>/", whistles.whistle, name="desk_whistle"),
    path(f"{_W}<uuid:whistle_id>/<slug:action>/", whistles.act, name="desk_whistle_act"),
    path(f"{_W}parts/<uuid:part_id>/<slug:action>/", whistle_parts.act, name="desk_part_act"),
    path(f"{_W}photos/<uuid:photo_id>/<str:size>/", whistle_parts.photo, name="desk_whistle_photo"),
    path(_F, whistle_parts.part_list, name="field_whistles"),
    path(f"{_F}<uuid:part_id>/", whistle_parts.part, name="field_whistle"),
    path(f"{_F}<uuid:part_id>/<slug:action>/", whistle_parts.act, name="field_part_act"),
    path(
        f"{_F}photos/<uuid:photo_id>/<str:size>/", whistle_parts.photo, name="field_whistle_photo"
    ),
    path(_A, arbitrations.arbitration_list, name="arbitrations"),
    path(f"{_A}sheet/", arbitrations.sheet, name="arbitration_sheet"),
    path(f"{_A}<uuid:arbitration_id>/", arbitrations.arbitration, name="arbitration"),
    path(
        f"{_A}<uuid:arbitration_id>/withdrawal/",
        arbitrations.withdraw,
        name="arbitration_withdrawal",
    ),
]
