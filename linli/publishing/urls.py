"""The addresses of the room's pages: the board for everybody, the desk for those who write it."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from linli.kernel import web
from linli.publishing.selectors.desk import WRITE, count_submitted
from linli.publishing.views import board, desk, editing, feeds, paper

app_name = "publishing"

_AT = "board/<str:community>/"
_ARTICLE = f"{_AT}articles/<uuid:article_id>/"
_PUBLIC: list[URLPattern | URLResolver] = [
    path("board/", board.index, name="boards"),
    path(_AT, board.now, name="board"),
    path(_ARTICLE, board.article, name="article"),
    path(f"{_ARTICLE}<str:stage>/<str:size>/", board.photo, name="photo"),
    path(f"{_ARTICLE}event.ics", feeds.event, name="event"),
    path(f"{_AT}board.atom", feeds.atom, name="atom"),
    path(f"{_AT}cases.geojson", feeds.geojson, name="geojson"),
    path(f"{_AT}notices.ics", feeds.calendar, name="calendar"),
    path(f"{_AT}<str:span>/<str:start>/print/", paper.sheet, name="sheet"),
    path(f"{_AT}<str:span>/<str:start>/board.pdf", paper.pdf, name="pdf"),
    path(f"{_AT}<str:span>/<str:start>/", board.period, name="period"),
]

_DESK = "desk/publishing/"
_ONE = f"{_DESK}<uuid:article_id>/"
_STAFF: list[URLPattern | URLResolver] = [
    path(_DESK, desk.articles, name="articles"),
    path(f"{_DESK}export/", desk.export, name="export"),
    path(f"{_DESK}new/<str:kind>/", editing.new, name="new"),
    path(f"{_DESK}cases/", desk.candidates, name="candidates"),
    path(f"{_DESK}cases/<uuid:case_id>/", desk.prepare, name="prepare"),
    path(_ONE, desk.article, name="desk_article"),
    path(f"{_ONE}edit/", editing.edit, name="edit"),
    path(f"{_ONE}submission/", editing.submission, name="submission"),
    path(f"{_ONE}return/", editing.way_back, name="way_back"),
    path(f"{_ONE}release/", editing.release, name="release"),
    path(f"{_ONE}withdrawal/", editing.withdrawal, name="withdrawal"),
    path(f"{_ONE}revisions/<int:number>/", desk.revision, name="revision"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_PUBLIC, *_STAFF]

web.register_nav(
    "desk",
    web.NavItem(
        label=_("公开栏"),
        url_name="publishing:articles",
        icon="landmark",
        duty=WRITE,
        order=40,
        count=count_submitted,
    ),
)
