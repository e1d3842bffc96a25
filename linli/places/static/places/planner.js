/* A plan of grids: a building clicked on the map is ticked in the list, and says so on the map. */
(function () {
  "use strict";
  function ready() {
    var form = document.getElementById("plan-move");
    if (!form) return;
    var hint = document.getElementById("plan-hint");
    if (hint && window.L) hint.hidden = false;
    var told = document.getElementById("plan-count");
    function count() {
      var ticked = form.querySelectorAll("input[name=building]:checked").length;
      told.textContent = ticked ? told.getAttribute("data-words").replace("#", ticked) : "";
    }
    form.addEventListener("change", count);
    document.addEventListener("map:picked", function (event) {
      var box = document.getElementById("b" + event.detail.key);
      if (!box) return;
      box.checked = !box.checked;
      box.closest("details").open = true;
      event.detail.mark(box.checked);
      count();
    });
    count();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
