/* "Where am I": only when somebody presses. <button data-locate="lat-input lng-input" data-say="output-id" hidden> */
(function () {
  "use strict";
  function ready() {
    var buttons = document.querySelectorAll("[data-locate]");
    for (var i = 0; i < buttons.length; i++) wire(buttons[i]);
  }
  function wire(button) {
    // Browsers give positions only to pages that came encrypted.
    if (!navigator.geolocation || !window.isSecureContext) return;
    var ids = button.getAttribute("data-locate").split(" ");
    var output = document.getElementById(button.getAttribute("data-say"));
    function say(text) { if (output) output.textContent = text; }
    button.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      say("正在找您的位置，几秒钟就好。");
      navigator.geolocation.getCurrentPosition(function (found) {
        button.disabled = false;
        document.getElementById(ids[0]).value = found.coords.latitude.toFixed(6);
        document.getElementById(ids[1]).value = found.coords.longitude.toFixed(6);
        say("位置已记下，误差约 " + Math.round(found.coords.accuracy) + " 米。");
        button.dispatchEvent(new CustomEvent("located", { bubbles: true, detail: found.coords }));
        if (button.hasAttribute("data-send")) button.form.submit();
      }, function (problem) {
        button.disabled = false;
        say(problem.code === 1 ? "没有得到位置授权，在下面选一下地点就可以。" : "没有找到位置，在下面选一下地点就可以。");
      }, { enableHighAccuracy: true, timeout: 12000, maximumAge: 60000 });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
