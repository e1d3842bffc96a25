/* Maps: <div class="map" data-map="json-id" data-pick="lat-input lng-input">. The JSON (json_script) has
   {tiles, datum, attribution, small, center: [lat, lng], zoom, areas: [{name, url, level, shape}], points: [{lat, lng, name, url, tone, key}]};
   everything may be missing. No tiles are asked for unless an address is set. A list stands beside every map.
   Positions come and go in WGS-84; `datum` is what the tiles are drawn in. */
(function () {
  "use strict";
  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function label(one) {
    if (!one.url) { var plain = document.createElement("span"); plain.textContent = one.name || ""; return plain; }
    var link = document.createElement("a");
    link.href = one.url;
    link.textContent = one.name;
    return link;
  }
  function draw(place) {
    var source = document.getElementById(place.getAttribute("data-map"));
    var told = source ? JSON.parse(source.textContent) : {};
    var map = L.map(place, { attributionControl: Boolean(told.attribution), scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
    if (told.attribution) map.attributionControl.setPrefix(false);
    if (told.tiles) L.tileLayer(told.tiles, { attribution: told.attribution || "", maxZoom: 18 }).addTo(map);
    var datum = told.tiles ? told.datum : "";
    function at(lat, lng) { return L.latLng(linliDatum.to(datum, Number(lat), Number(lng))); }
    var all = L.featureGroup().addTo(map);
    (told.areas || []).forEach(function (area) {
      L.geoJSON(area.shape, {
        coordsToLatLng: function (pair) { return at(pair[1], pair[0]); },
        style: { color: css("--brand"), weight: 1.5, fillColor: css("--map-" + (area.level || 0)), fillOpacity: told.tiles ? 0.35 : 1 }
      }).bindTooltip(area.name || "", { sticky: true }).bindPopup(function () { return label(area); }).addTo(all);
    });
    var tones = { late: "--kaki", soon: "--apricot-bar", done: "--bamboo" };
    (told.points || []).forEach(function (point) {
      var spot = L.circleMarker(at(point.lat, point.lng), { radius: told.small ? 4 : 8, weight: told.small ? 1.5 : 3, color: "#fff", fillColor: css(tones[point.tone] || "--brand"), fillOpacity: 1 }).addTo(all);
      if (point.key) choose(place, point, spot);
      else spot.bindPopup(function () { return label(point); });
    });
    if (told.center) map.setView(at(told.center[0], told.center[1]), told.zoom || 16);
    else if (all.getLayers().length) map.fitBounds(all.getBounds(), { padding: [16, 16], maxZoom: 17 });
    else map.setView([34.6, 113.6], 5);
    if (place.getAttribute("data-pick")) pick(place, map, at, datum);
  }
  /* A point with a key can be chosen: whoever listens to "map:picked" says by mark() whether it is. */
  function choose(place, point, spot) {
    spot.bindTooltip(point.name || "");
    spot.on("click", function () {
      var mark = function (on) { spot.setStyle({ color: on ? css("--kaki") : "#fff" }); };
      place.dispatchEvent(new CustomEvent("map:picked", { bubbles: true, detail: { key: point.key, mark: mark } }));
    });
  }
  function pick(place, map, at, datum) {
    var ids = place.getAttribute("data-pick").split(" ");
    var lat = document.getElementById(ids[0]);
    var lng = document.getElementById(ids[1]);
    var mark = L.circleMarker([0, 0], { radius: 10, weight: 4, color: "#fff", fillColor: css("--kaki"), fillOpacity: 1 });
    function set(shown, quiet) {
      mark.setLatLng(shown).addTo(map);
      if (quiet) return;
      var real = linliDatum.from(datum, shown.lat, shown.lng);
      lat.value = real[0].toFixed(6);
      lng.value = real[1].toFixed(6);
      lng.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (lat.value && lng.value) { set(at(lat.value, lng.value), true); map.setView(at(lat.value, lng.value), 17); }
    map.on("click", function (event) { set(event.latlng); });
    document.addEventListener("located", function (event) {
      var here = at(event.detail.latitude, event.detail.longitude);
      set(here, true);
      map.setView(here, 17);
    });
  }
  function ready() {
    if (!window.L) return;
    var places = document.querySelectorAll("[data-map]");
    for (var i = 0; i < places.length; i++) draw(places[i]);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
