"""Photos and a lost network: they go on where they stopped, and no record leaves without its own."""

import io
import threading

import pytest
from PIL import Image
from playwright.sync_api import expect

from linli.cases.models import Photo
from linli.field.models import Submission, Upload
from linli.field.services import uploads
from tests.journeys.acting import PATIENCE, cut_off, until, wait_for
from tests.journeys.offline import heard, in_hand

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def noisy_picture():
    """A photo of more pieces than one: noise can't be made small."""
    buffer = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(buffer, "JPEG", quality=85)
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.mark.row("S4 4.8")
def test_an_app_closed_in_mid_upload_goes_on_where_it_stopped(world, on_the_round, monkeypatch):
    case = in_hand(world, "井盖松了。")
    lin = on_the_round(world.lin)
    cut_off(lin)
    lin.goto(f"/field/cases/{case.pk}/")
    lin.get_by_label("说说进展").check(force=True)
    lin.get_by_label("做了什么").fill("先围起来了。")
    lin.locator("input[type=file]").set_input_files([noisy_picture()])
    expect(lin.locator(".photos__one")).to_have_count(1)
    lin.get_by_role("button", name="记在手机上").click()
    lin.wait_for_url("**/field/")
    came, stands, may_go_on = [], threading.Event(), threading.Event()
    add_piece = uploads.add_piece

    def slow(**facts):
        if len(came) == 2:
            stands.set()
            may_go_on.wait(PATIENCE / 1000)
        came.append((facts["offset"], len(facts["piece"])))
        return add_piece(**facts)

    monkeypatch.setattr(uploads, "add_piece", slow)
    lin.context.set_offline(False)
    heard(lin, "正在发第 1 条")
    wait_for(stands.is_set)
    again = lin.context.new_page()
    lin.close()
    may_go_on.set()
    wait_for(lambda: len(came) == 3)
    again.goto("/field/")
    wait_for(lambda: Submission.objects.filter(state="taken").exists(), again)
    upload = Upload.objects.get()
    assert upload.size > 4 * 192 * 1024
    # Every byte was sent once, but for the piece whose answer nobody was there to hear.
    assert [at for at, _length in came] == sorted(at for at, _length in came)
    assert sum(length for _at, length in came) <= upload.size + 192 * 1024
    assert (Submission.objects.count(), Photo.objects.count()) == (1, 1)


# The phone is slow: a photo becomes small only when its record is on its way into the outbox already.
SLOW = """() => {
    let letShrink, lets = new Promise(go => letShrink = go), isLate = false;
    HTMLCanvasElement.prototype.toBlob = new Proxy(HTMLCanvasElement.prototype.toBlob, {
        apply(make, canvas, [done, ...how]) {
            Reflect.apply(make, canvas, [blob => lets.then(() => { isLate = true; done(blob); }), ...how]);
        }});
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    crypto.subtle.encrypt = async (way, key, bytes) => {
        if (isLate && bytes.byteLength > 100_000) await new Promise(go => setTimeout(go, 3000));
        return encrypt(way, key, bytes);
    };
    const add = linliOutbox.add;
    linliOutbox.add = async (body, link, draft, card) => {
        letShrink();
        await new Promise(go => setTimeout(go, 500));
        return add(body, link, draft, card);
    };
}"""


@pytest.mark.row("S4 4.8")
def test_a_record_handed_over_in_a_hurry_takes_its_photo_along(world, on_the_round):
    case = in_hand(world, "井盖松了。")
    lin = on_the_round(world.lin)
    cut_off(lin)
    lin.goto(f"/field/cases/{case.pk}/")
    lin.evaluate(SLOW)
    lin.get_by_label("说说进展").check(force=True)
    lin.get_by_label("做了什么").fill("先围起来了。")
    lin.locator("input[type=file]").set_input_files([noisy_picture()])
    until(lin, "linliStore.open().then(db => db.count('photos'))")
    lin.get_by_role("button", name="记在手机上").click()
    lin.wait_for_url("**/field/")
    lin.context.set_offline(False)
    wait_for(lambda: Submission.objects.filter(state="taken").exists(), lin)
    assert Photo.objects.filter(entry__text="先围起来了。").count() == 1
    until(lin, "linliStore.open().then(db => db.count('photos')).then(left => !left)")
