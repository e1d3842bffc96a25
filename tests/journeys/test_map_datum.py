"""A map whose tiles are drawn in another datum: what is shown and what is picked is the same spot."""

import random
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from linli.cases.tests.makers import make_post, make_staff
from linli.kernel import geo
from linli.kernel.geo import Datum
from linli.places.models import Building
from tests.gates.town import EVERYTHING

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SPOT = (44.166, 87.543)  # WGS-84
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09, Datum.WGS84])
def test_the_script_reckons_as_the_server_does(page, datum):
    page.goto("/find/")
    page.evaluate(Path(finders.find("kernel/datum.js")).read_text())
    dice = random.Random(7)
    spots = [(dice.uniform(18, 53), dice.uniform(73, 135)) for _ in range(60)] + [(0.5, 100.0)]
    ask = """([datum, spots]) => spots.map(function (one) {
        var shown = linliDatum.to(datum, one[0], one[1]);
        return [shown, linliDatum.from(datum, shown[0], shown[1])];
    })"""

    for (lat, lon), (shown, back) in zip(spots, page.evaluate(ask, [datum, spots]), strict=True):
        assert shown == pytest.approx(geo.from_wgs84(lat, lon, datum), abs=1e-8)
        assert back == pytest.approx((lat, lon), abs=1e-7)


def test_on_shifted_tiles_a_stored_spot_is_shown_shifted_and_picked_unshifted(
    world, as_staff, settings
):
    settings.TILE_URL, settings.TILE_DATUM = "/tiles/{z}/{x}/{y}.png", "gcj02"
    Building.objects.filter(pk=world.building.pk).update(lat=SPOT[0], lon=SPOT[1])
    keeper = make_staff("高青", make_post("lead", world.community, EVERYTHING, code="keeper"))
    page = as_staff(keeper, viewport={"width": 1440, "height": 900})
    page.route("**/tiles/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page.goto(f"/desk/places/buildings/{world.building.pk}/")
    page.wait_for_selector(".leaflet-tile-loaded", state="attached")
    picture = page.locator("[data-map]")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()

    # The map opens centred on the building, in the tiles' datum; a click there is the same spot.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    picked = [float(page.locator(f"#id_{name}").input_value()) for name in ("lat", "lon")]
    assert geo.distance_m(*picked, *SPOT) < 3
    shifted = geo.from_wgs84(*SPOT, Datum.GCJ02)
    assert geo.distance_m(*shifted, *SPOT) > 100
