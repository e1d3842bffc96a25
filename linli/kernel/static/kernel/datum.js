/* Positions between WGS-84 (what is stored) and what map tiles in China are drawn in: GCJ-02 (Gaode, Tencent), BD-09 (Baidu).
   The same formulas as kernel/geo.py; a test compares them. linliDatum.to(datum, lat, lng) and .from(datum, lat, lng) give [lat, lng]. */
(function () {
  "use strict";
  var PI = Math.PI, AXIS = 6378245.0, ECC = 0.00669342162296594323, BAIDU = PI * 3000 / 180;
  function outside(lat, lng) { return !(72.004 <= lng && lng <= 137.8347 && 0.8293 <= lat && lat <= 55.8271); }
  function gcj(lat, lng) {
    if (outside(lat, lng)) return [lat, lng];
    var x = lng - 105, y = lat - 35, root = Math.sqrt(Math.abs(x)), sin = Math.sin;
    var common = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
      + (20 * sin(y * PI) + 40 * sin(y / 3 * PI)) * 2 / 3 + (160 * sin(y / 12 * PI) + 320 * sin(y * PI / 30)) * 2 / 3;
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
      + (20 * sin(x * PI) + 40 * sin(x / 3 * PI)) * 2 / 3 + (150 * sin(x / 12 * PI) + 300 * sin(x / 30 * PI)) * 2 / 3;
    var angle = lat * PI / 180, magic = 1 - ECC * sin(angle) * sin(angle);
    var meridian = AXIS * (1 - ECC) / (magic * Math.sqrt(magic)) * PI / 180;
    var parallel = AXIS / Math.sqrt(magic) * Math.cos(angle) * PI / 180;
    return [lat + north / meridian, lng + east / parallel];
  }
  function bd(lat, lng) {
    if (outside(lat, lng)) return [lat, lng];
    var at = gcj(lat, lng);
    var length = Math.sqrt(at[0] * at[0] + at[1] * at[1]) + 0.00002 * Math.sin(at[0] * BAIDU);
    var angle = Math.atan2(at[0], at[1]) + 0.000003 * Math.cos(at[1] * BAIDU);
    return [length * Math.sin(angle) + 0.006, length * Math.cos(angle) + 0.0065];
  }
  var WAYS = { gcj02: gcj, bd09: bd };
  function to(datum, lat, lng) { return WAYS[datum] ? WAYS[datum](lat, lng) : [lat, lng]; }
  function from(datum, lat, lng) {
    if (!WAYS[datum] || outside(lat, lng)) return [lat, lng];
    // Guess, look how far off the guess lands, mend it, until nothing is left to mend.
    var guess = [lat, lng];
    for (var turn = 0; turn < 20; turn++) {
      var seen = to(datum, guess[0], guess[1]), north = lat - seen[0], east = lng - seen[1];
      guess = [guess[0] + north, guess[1] + east];
      if (Math.abs(north) < 1e-9 && Math.abs(east) < 1e-9) break;
    }
    return guess;
  }
  window.linliDatum = { to: to, from: from };
})();
