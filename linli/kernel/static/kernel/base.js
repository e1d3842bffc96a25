/* What every page does: no double sending, the eye on what went wrong, refusals of htmx in #notice. */
(function () {
  "use strict";
  var doc = document;
  doc.documentElement.classList.add("js");

  // Double sending: the second press does nothing until the page is left or shown again.
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "dialog" || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    // Another listener may have stopped this sending; look once all of them have run.
    setTimeout(function () {
      if (event.defaultPrevented || form.method !== "post") return;
      form.setAttribute("data-sent", "1");
      mark(form, true);
      // A download answers without leaving the page.
      setTimeout(function () { release(form); }, 20000);
    }, 0);
  });
  function mark(form, on) {
    var buttons = form.querySelectorAll("button:not([type=button])");
    for (var i = 0; i < buttons.length; i++) {
      if (on) buttons[i].setAttribute("aria-disabled", "true"); else buttons[i].removeAttribute("aria-disabled");
    }
  }
  function release(form) { form.removeAttribute("data-sent"); mark(form, false); }
  window.addEventListener("pageshow", function () {
    var forms = doc.querySelectorAll("form[data-sent]");
    for (var i = 0; i < forms.length; i++) release(forms[i]);
  });

  // The eye on what went wrong.
  function look() {
    var wrong = doc.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  }

  // What only works with a script is shown by one.
  function each(selector, act) {
    var found = doc.querySelectorAll(selector);
    for (var i = 0; i < found.length; i++) act(found[i]);
  }
  function ready() {
    look();
    each("[data-print]", function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    each("[data-back]", function (button) {
      button.hidden = history.length < 2;
      button.addEventListener("click", function () { history.back(); });
    });
    each("[data-auto]", function (select) {
      select.addEventListener("change", function () { select.form.submit(); });
    });
    each("#net", function (pill) {
      var on = pill.textContent;
      function tell() {
        pill.textContent = navigator.onLine ? on : pill.getAttribute("data-off");
        pill.classList.toggle("net--off", !navigator.onLine);
      }
      window.addEventListener("online", tell);
      window.addEventListener("offline", tell);
      tell();
    });
  }
  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", ready); else ready();

  // htmx: a form with errors (422) and a refusal told into #notice are shown; other failures are said in words.
  doc.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    if (answer.status === 422 || (answer.status >= 400 && answer.getResponseHeader("HX-Retarget"))) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  function say(text) {
    var place = doc.getElementById("notice");
    if (!place) return;
    var note = doc.createElement("div");
    note.className = "note note--urgent";
    var words = doc.createElement("p");
    words.className = "note__text";
    words.textContent = text;
    note.appendChild(words);
    place.textContent = "";
    place.appendChild(note);
    place.scrollIntoView({ block: "nearest" });
  }
  doc.addEventListener("htmx:responseError", function () { say("这一步没有办成，是我们这边的问题。过一会儿再试。"); });
  doc.addEventListener("htmx:sendError", function () { say("没有连上。有信号后再点一次，写的内容还在。"); });
  doc.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target && event.detail.target.id === "notice") event.detail.target.scrollIntoView({ block: "nearest" });
    look();
  });

  // A rail that is wider than the phone begins at the entry of the page.
  var rail = doc.querySelector(".rail__nav"), here = rail && rail.querySelector("[aria-current]");
  if (here && rail.scrollWidth > rail.clientWidth) {
    var own = here.getBoundingClientRect();
    rail.scrollLeft += own.left - rail.getBoundingClientRect().left - (rail.clientWidth - own.width) / 2;
  }
})();
