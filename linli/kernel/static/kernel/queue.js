/* The desk's keyboard on a list: j k to move, Enter to open, x to select, / to search, ? for help.
   <table data-queue>, rows with data-row, the link with data-open, the box with class "pick"; the bulk
   bar has data-bulk; the box that takes all has data-all; help is <dialog id="keys">. */
(function () {
  "use strict";
  function ready() {
    var queue = document.querySelector("[data-queue]");
    var bulk = document.querySelector("[data-bulk]");
    var at = -1;

    function rows() { return queue ? queue.querySelectorAll("[data-row]") : []; }
    function boxes() { return queue ? queue.querySelectorAll("input.pick:not([data-all])") : []; }

    function count() {
      var chosen = 0;
      Array.prototype.forEach.call(boxes(), function (box) {
        var row = box.closest("[data-row]");
        if (box.checked) { chosen += 1; row.setAttribute("aria-selected", "true"); } else row.removeAttribute("aria-selected");
      });
      if (bulk) {
        bulk.hidden = chosen === 0;
        var place = bulk.querySelector("[data-count]");
        if (place) place.textContent = chosen;
      }
      var all = document.querySelector("[data-all]");
      if (all) { all.checked = chosen > 0 && chosen === boxes().length; all.indeterminate = chosen > 0 && !all.checked; }
    }
    function go(step) {
      var all = rows();
      if (!all.length) return;
      if (at >= 0 && all[at]) all[at].classList.remove("is-at");
      at = Math.min(Math.max(at + step, 0), all.length - 1);
      all[at].classList.add("is-at");
      var link = all[at].querySelector("[data-open]");
      if (link) link.focus({ preventScroll: true });
      all[at].scrollIntoView({ block: "nearest" });
    }
    function here() { return rows()[at]; }
    function press(selector) { var found = here() && here().querySelector(selector); if (found) found.click(); }

    document.addEventListener("change", function (event) {
      if (event.target.hasAttribute("data-all")) {
        Array.prototype.forEach.call(boxes(), function (box) { box.checked = event.target.checked; });
      }
      if (event.target.classList.contains("pick")) count();
    });
    document.addEventListener("htmx:afterSwap", count);
    window.addEventListener("pageshow", count);

    document.addEventListener("keydown", function (event) {
      var tag = event.target.tagName;
      var typing = tag === "TEXTAREA" || tag === "SELECT" || (tag === "INPUT" && !/checkbox|radio|button/.test(event.target.type));
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (typing) { if (event.key === "Escape") event.target.blur(); return; }
      var help = document.getElementById("keys");
      if (event.key === "?" && help && help.showModal) { if (!help.open) help.showModal(); }
      else if (event.key === "/") { var search = document.querySelector("input[type=search]"); if (search) { event.preventDefault(); search.focus(); search.select(); } }
      else if (event.key === "j") go(1);
      else if (event.key === "k") go(-1);
      else if (event.key === "x") press("input.pick");
      else if (event.key === "Enter" && here() && (tag === "BODY" || tag === "MAIN")) press("[data-open]");
    });
    var ask = document.querySelectorAll("[data-keys]");
    for (var i = 0; i < ask.length; i++) {
      ask[i].hidden = false;
      ask[i].addEventListener("click", function () { var help = document.getElementById("keys"); if (help && help.showModal) help.showModal(); });
    }
    count();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
