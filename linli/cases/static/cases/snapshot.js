/* The snapshot: asks for the position once there is a photo, so that it takes no tap of its own. */
(function () {
  "use strict";
  function ready() {
    var box = document.querySelector("[data-photos]");
    var button = document.querySelector("[data-locate]");
    var lat = document.getElementById("id_lat");
    if (!box || !button) return;
    box.addEventListener("photos:change", function (event) {
      if (event.detail.files.length && !lat.value && !button.hidden && !button.disabled) button.click();
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
