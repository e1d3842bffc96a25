/* The small photos of the day's cards: kept on the phone like all that is somebody's, as many as are light
   enough; what a worker writes and photographs goes before them. window.linliPictures. */
/* global linliStore */
(function () {
  "use strict";
  var OF = "day";
  var HEAVIEST = 4 * 1024 * 1024;
  var doc = document;
  var isKeeping = false;

  async function known() { return (await linliStore.open()).getAllKeysFromIndex("photos", "of", OF); }

  /* Fetch what the kept day shows and is not here yet; what it shows no more goes. */
  async function keep(day) {
    var wanted = (day && day.photos) || [];
    if (isKeeping || (navigator.connection && navigator.connection.saveData)) return;
    isKeeping = true;
    try {
      var here = await known();
      await Promise.all(here.filter(function (id) { return wanted.indexOf(id) < 0; }).map(linliStore.dropPhoto));
      var missing = wanted.filter(function (id) { return here.indexOf(id) < 0; });
      if (missing.length) await fetchAll(missing);
    } finally { isKeeping = false; }
  }
  async function fetchAll(missing) {
    var weight = (await linliStore.photosOf(OF)).reduce(function (sum, one) { return sum + one.data.byteLength; }, 0);
    for (var i = 0; i < missing.length && weight < HEAVIEST; i++) {
      var answer = await linliStore.ask(missing[i]);
      if (!answer.ok) continue;
      var bytes = await answer.arrayBuffer();
      weight += bytes.byteLength;
      await linliStore.keepPhoto({ id: missing[i], of: OF, type: answer.headers.get("Content-Type") }, bytes);
    }
  }

  /* All of them go; tells how many there were. */
  async function drop() {
    var here = await known();
    await Promise.all(here.map(linliStore.dropPhoto));
    return here.length;
  }

  /* Draw those of a page that are kept; of the others it says that they come with a network. */
  async function show() {
    var frames = Array.prototype.slice.call(doc.querySelectorAll("[data-kept-as]"));
    await Promise.all(frames.map(async function (frame) {
      var photo = await linliStore.photo(frame.getAttribute("data-kept-as"));
      if (!photo) return;
      frame.src = URL.createObjectURL(new Blob([await linliStore.unseal(photo)], { type: photo.type }));
      frame.hidden = false;
    }));
    doc.querySelectorAll("[data-kept]").forEach(function (box) {
      var note = box.querySelector("[data-kept-not]");
      if (note) note.hidden = !box.querySelector("[data-kept-as][hidden]");
    });
  }

  window.linliPictures = { keep: keep, drop: drop, show: show };
})();
