/* Drafts on the phone: <form data-draft="name"> keeps its words, choices and photos until a page says
   <meta name="draft-done" content="name">. Nothing leaves the phone before it is sent. */
(function () {
  "use strict";
  var PREFIX = "linli:draft:";
  var KEEP = 7 * 24 * 3600 * 1000;
  var SKIP = /^(csrfmiddlewaretoken|next)$/;

  function read(name) {
    try {
      var draft = JSON.parse(localStorage.getItem(PREFIX + name));
      return draft && Date.now() - draft.at < KEEP ? draft : null;
    } catch (e) { return null; }
  }
  function write(name, values) {
    try { localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), values: values })); } catch (e) { /* full or forbidden */ }
  }
  function forget(name) {
    try { localStorage.removeItem(PREFIX + name); } catch (e) { /* forbidden */ }
    photos("readwrite", function (store) { store.delete(name); });
  }
  function photos(mode, act) {
    if (!window.indexedDB) return;
    var opening;
    try { opening = indexedDB.open("linli", 1); } catch (e) { return; }
    opening.onupgradeneeded = function () { opening.result.createObjectStore("photos"); };
    opening.onsuccess = function () {
      try { act(opening.result.transaction("photos", mode).objectStore("photos")); } catch (e) { /* private mode */ }
    };
    opening.onerror = function (event) { event.preventDefault(); };
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && !SKIP.test(one.name) && !/^(file|password|submit|button)$/.test(one.type) &&
        (one.type !== "hidden" || one.name === "key");
    });
  }
  function collect(form) {
    var values = {};
    fields(form).forEach(function (one) {
      if (one.type === "radio" || one.type === "checkbox") {
        values[one.name] = values[one.name] || [];
        if (one.checked) values[one.name].push(one.value);
      } else if (one.multiple) {
        values[one.name] = Array.prototype.map.call(one.selectedOptions, function (o) { return o.value; });
      } else values[one.name] = one.value;
    });
    return values;
  }
  function fill(form, values) {
    fields(form).forEach(function (one) {
      var value = values[one.name];
      if (value === undefined) return;
      if (one.type === "radio" || one.type === "checkbox") one.checked = value.indexOf(one.value) >= 0;
      else if (one.multiple) Array.prototype.forEach.call(one.options, function (o) { o.selected = value.indexOf(o.value) >= 0; });
      else one.value = value;
    });
  }
  function tell(form, name) {
    var note = document.createElement("div");
    note.className = "note";
    note.setAttribute("role", "status");
    var words = document.createElement("p");
    words.className = "note__text";
    words.textContent = "上次没发出去的内容还在，已经填好。";
    var clear = document.createElement("button");
    clear.type = "button";
    clear.className = "btn btn--link";
    clear.textContent = "清除草稿";
    clear.addEventListener("click", function () {
      form.setAttribute("data-drop", "1");
      forget(name);
      location.reload();
    });
    note.appendChild(words);
    note.appendChild(clear);
    form.insertBefore(note, form.firstChild);
  }

  function Draft(form) {
    var name = form.getAttribute("data-draft");
    var fresh = JSON.stringify(clean(collect(form)));
    var draft = read(name);
    var timer;

    // Photos of one that was cleared or is too old belong to no other.
    if (!draft) forget(name);
    // What the server gives back with errors is newer than the draft.
    if (draft && !form.querySelector(".field__error, [aria-invalid]")) {
      if (JSON.stringify(clean(draft.values)) !== fresh) { fill(form, draft.values); tell(form, name); }
      photos("readonly", function (store) {
        store.get(name).onsuccess = function (event) {
          var box = form.querySelector("[data-photos]");
          if (box && event.target.result) box.dispatchEvent(new CustomEvent("photos:restore", { detail: { files: event.target.result } }));
        };
      });
    }
    function save() { clearTimeout(timer); timer = 0; if (!form.getAttribute("data-drop")) write(name, collect(form)); }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(save, 400); });
    form.addEventListener("change", save);
    form.addEventListener("submit", save);
    window.addEventListener("pagehide", function () { if (timer) save(); });
    form.addEventListener("photos:change", function (event) {
      photos("readwrite", function (store) { store.put(event.detail.files, name); });
      if (event.detail.files.length) save();
    });
  }
  function clean(values) {
    var copy = {};
    Object.keys(values).sort().forEach(function (name) { if (name !== "key") copy[name] = values[name]; });
    return copy;
  }

  function ready() {
    var i;
    var done = document.querySelectorAll('meta[name="draft-done"]');
    for (i = 0; i < done.length; i++) forget(done[i].getAttribute("content"));
    var forms = document.querySelectorAll("form[data-draft]");
    for (i = 0; i < forms.length; i++) Draft(forms[i]);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
