/* Taking a call down by keyboard: Enter goes on to the next field, Ctrl+Enter sends. */
(function () {
  "use strict";
  var FIELDS = "input:not([type=hidden]):not([type=file]), select, textarea, button:not([name=follow])";
  function visible(one) { return !one.disabled && one.offsetParent !== null && one.type !== "radio"; }
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    var form = event.target.closest && event.target.closest("[data-register]");
    if (!form) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (form.requestSubmit) form.requestSubmit(); else form.querySelector(".btn--primary").click();
      return;
    }
    if (event.target.tagName !== "INPUT" || event.target.type === "checkbox") return;
    event.preventDefault();
    var fields = Array.prototype.filter.call(form.querySelectorAll(FIELDS), visible);
    var next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  });
})();
