/* The report: what a category says and asks appears when its picture is chosen; words are counted. */
(function () {
  "use strict";
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function show(code) {
    all("[data-for]").forEach(function (one) { one.hidden = one.getAttribute("data-for") !== code; });
    var asked = document.querySelector("[data-asked]");
    if (asked) asked.value = code;
  }
  function ready() {
    var tiles = all("input[name=category]");
    function look() {
      var chosen = tiles.filter(function (one) { return one.checked; })[0];
      if (chosen) show(chosen.value);
    }
    tiles.forEach(function (one) { one.addEventListener("change", look); });
    // A draft or the browser may have chosen already, after the page was read.
    setTimeout(look, 0);
    window.addEventListener("pageshow", look);
    all("[data-needs-script]").forEach(function (one) { one.hidden = false; });
    all("[data-count]").forEach(function (area) {
      var told = document.getElementById(area.getAttribute("data-count"));
      var most = Number(told.getAttribute("data-most"));
      function count() {
        var left = most - area.value.length;
        told.classList.toggle("late", left < 0);
        told.textContent = left < 0 ? "多了 " + -left + " 字，删短一些再发" : "还能写 " + left + " 字";
      }
      area.addEventListener("input", count);
      count();
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
