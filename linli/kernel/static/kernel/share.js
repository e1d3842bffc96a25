/* Copy or pass on a link: <button data-copy="https://…" data-done="已复制" hidden>, <button data-share="https://…" hidden> */
(function () {
  "use strict";
  function old(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "vh";
    document.body.appendChild(area);
    area.select();
    var worked = document.execCommand("copy");
    area.remove();
    return worked;
  }
  function wire(button) {
    var text = button.getAttribute("data-copy");
    var label = button.textContent;
    function done() {
      var place = button.querySelector("span") || button;
      place.textContent = button.getAttribute("data-done") || "已复制";
      setTimeout(function () { place.textContent = label.trim(); }, 4000);
    }
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, function () { if (old(text)) done(); });
      else if (old(text)) done();
    });
  }
  function ready() {
    var i, buttons = document.querySelectorAll("[data-copy]");
    for (i = 0; i < buttons.length; i++) wire(buttons[i]);
    if (!navigator.share) return;
    buttons = document.querySelectorAll("[data-share]");
    for (i = 0; i < buttons.length; i++) {
      buttons[i].hidden = false;
      buttons[i].addEventListener("click", function () {
        navigator.share({ title: document.title, url: this.getAttribute("data-share") }).catch(function () { /* they changed their mind */ });
      });
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
