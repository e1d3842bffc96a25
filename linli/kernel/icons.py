"""The icons in use: the one list that pages draw from and blueprints choose from."""

from functools import cache
from importlib import resources
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

_SVG = "{http://www.w3.org/2000/svg}"

_NAMES = """
    accessibility activity alarm-clock ambulance archive arrow-down arrow-left arrow-right
    arrow-up baby badge-check ban battery-charging bell bell-off bell-ring bike book
    book-open bookmark briefcase bug building-2 bus cable calendar calendar-check
    calendar-clock calendar-days camera car cat cctv chart-column chart-line chart-pie check
    chevron-down chevron-left chevron-right chevron-up chevrons-up circle circle-alert
    circle-check circle-dot circle-parking circle-pause circle-play circle-plus
    circle-question-mark circle-x clipboard-check clipboard-list clipboard-pen clock
    cloud-off cloud-upload columns-3 construction copy corner-up-left database dog door-open
    download droplets ellipsis external-link eye eye-off fence file-check file-down
    file-plus file-spreadsheet file-text file-up files fire-extinguisher flag flame flower-2
    footprints frown funnel gavel gift git-merge grid-3x3 hammer hand hand-heart
    hand-helping handshake headset heart-handshake heart-pulse history hospital hourglass
    house id-card image inbox info key keyboard lamp lamp-wall-up landmark layers
    layout-dashboard leaf lightbulb link list list-checks list-filter locate locate-fixed
    lock log-in log-out mail map map-pin map-pinned megaphone meh menu merge message-circle
    message-square message-square-text messages-square minus monitor network notebook-pen
    octagon-alert package paw-print pencil phone phone-call phone-incoming plug plus power
    printer qr-code recycle redo-2 refresh-cw repeat rotate-ccw route save scale scan-line
    scan-qr-code school scroll-text search send settings share-2 shield shield-alert
    shield-check shuffle siren sliders-horizontal smartphone smile snowflake sparkles split
    square-check square-parking square-pen star sticky-note store sun table tag tags target
    thumbs-up timer toilet traffic-cone trash-2 tree-deciduous trees trending-up
    triangle-alert truck umbrella undo-2 unplug upload user user-check user-cog user-plus
    user-round user-x users users-round utensils volume-2 vote wallet waypoints webhook wifi
    wifi-off workflow wrench x zap
"""

ICONS = frozenset(_NAMES.split())

# Stands where data names an icon that is not in the list.
UNKNOWN = "circle-question-mark"


@cache
def shapes(name: str) -> str:
    """Return the shapes of an icon as SVG, for a 24 by 24 box.

    Errors: KeyError for a name that the installed package (lucide) does not know.
    """
    drawing = ElementTree.fromstring(_package().read(f"{name}.svg"))
    return "".join(_shape(one) for one in drawing)


@cache
def _package() -> ZipFile:
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


def _shape(shape: ElementTree.Element) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
    return f"<{shape.tag.removeprefix(_SVG)}{attributes}/>"
