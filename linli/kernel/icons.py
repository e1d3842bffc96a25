"""The icons in use: the one list that sprites are drawn from and blueprints choose from."""

# What residents' pages need; a small sprite of its own keeps those pages light.
_RESIDENT = """
    accessibility arrow-left baby badge-check bell bike book-open briefcase building-2 calendar-days
    camera car cctv check chevron-down chevron-right circle-alert circle-check
    circle-question-mark clipboard-list clock construction copy dog door-open droplets ellipsis
    fence file-text flame flag frown gift handshake hammer heart-handshake heart-pulse house
    id-card image info key landmark lamp lamp-wall-up leaf lightbulb locate-fixed lock log-in
    log-out map-pin megaphone meh message-square paw-print pencil phone plus printer qr-code
    rotate-ccw scale search send shield shield-check siren smile sparkles square-parking star
    store thumbs-up traffic-cone trash-2 tree-deciduous triangle-alert umbrella user users
    utensils volume-2 wrench x zap
"""

# What staff's pages need besides.
_STAFF = """
    activity alarm-clock archive arrow-down arrow-right arrow-up bell-off book bookmark calendar
    calendar-check calendar-clock chart-column chart-line chart-pie chevron-left chevron-up
    chevrons-up circle circle-dot circle-pause circle-play circle-x clipboard-check cloud-off
    cloud-upload columns-3 corner-up-left database download external-link eye eye-off
    file-down file-spreadsheet file-up files funnel git-merge hand history hourglass inbox
    keyboard layers layout-dashboard link list list-checks list-filter locate log-in mail map
    map-pinned menu merge message-square-text minus monitor network notebook-pen package
    phone-call phone-incoming refresh-cw repeat route save scroll-text settings share-2
    shield-alert shuffle sliders-horizontal square-check square-pen sticky-note tag tags
    target timer trending-up undo-2 upload user-check user-cog user-plus user-round user-x
    waypoints webhook wifi wifi-off workflow
"""

RESIDENT = frozenset(_RESIDENT.split())
ICONS = RESIDENT | frozenset(_STAFF.split())

# Stands where data names an icon that is not drawn.
UNKNOWN = "circle-question-mark"
