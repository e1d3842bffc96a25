"""The addresses of the room's pages: the board for everybody, the desk for those who write it."""

from django.urls import URLPattern, URLResolver, path

from linli.publishing.views import board, feeds, paper

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

urlpatterns: list[URLPattern | URLResolver] = [*_PUBLIC]
