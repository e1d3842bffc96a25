/* The photo picker: previews, removing one, shrinking to 1600 px. Without it a plain file input remains. */
(function () {
  "use strict";
  var LONGEST = 1600;
  var QUALITY = 0.82;
  var SMALL = 500 * 1024;
  var MOMENT = 3000; // so long a form waits for its photos to become small, rather than send large ones

  function canHold() {
    try { return new DataTransfer().items !== undefined; } catch (e) { return false; }
  }
  // Kernels that do not turn a picture by its EXIF would lose the right way up in the canvas.
  function canShrink() {
    return window.CSS && CSS.supports("image-orientation", "from-image") && HTMLCanvasElement.prototype.toBlob;
  }

  function shrink(file, done) {
    if (!canShrink() || file.type.indexOf("image/") !== 0 || file.type === "image/gif") return done(file);
    var url = URL.createObjectURL(file);
    var picture = new Image();
    function end(result) { URL.revokeObjectURL(url); done(result); }
    picture.onerror = function () { end(file); };
    picture.onload = function () {
      var ratio = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
      if (ratio === 1 && file.size < SMALL) return end(file);
      var canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.naturalWidth * ratio));
      canvas.height = Math.max(1, Math.round(picture.naturalHeight * ratio));
      var brush = canvas.getContext("2d");
      if (!brush) return end(file);
      brush.fillStyle = "#fff";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        if (!blob || blob.size >= file.size) return end(file);
        end(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
      }, "image/jpeg", QUALITY);
    };
    picture.src = url;
  }

  function Picker(box) {
    var input = box.querySelector("input[type=file]");
    var add = box.querySelector(".photos__add");
    var most = Number(input.getAttribute("data-max")) || 4;
    var kept = [];
    var underWay = 0;

    function busy(step) {
      underWay += step;
      box.toggleAttribute("data-busy", underWay > 0);
      if (!underWay) box.dispatchEvent(new CustomEvent("photos:small", { bubbles: true }));
    }
    function sync() {
      var carrier = new DataTransfer();
      kept.forEach(function (one) { carrier.items.add(one.file); });
      input.files = carrier.files;
      add.hidden = kept.length >= most;
      input.tabIndex = add.hidden ? -1 : 0;
      box.dispatchEvent(new CustomEvent("photos:change", { bubbles: true, detail: { files: kept.map(function (one) { return one.file; }) } }));
    }
    function preview(one) {
      var cell = document.createElement("div");
      cell.className = "photos__one";
      var picture = document.createElement("img");
      picture.alt = one.file.name;
      picture.src = one.url = URL.createObjectURL(one.file);
      var drop = document.createElement("button");
      drop.type = "button";
      drop.className = "photos__drop";
      drop.setAttribute("aria-label", box.getAttribute("data-remove") + " " + one.file.name);
      var cross = box.querySelector("template");
      drop.appendChild(cross ? cross.content.cloneNode(true) : document.createTextNode("×"));
      drop.addEventListener("click", function () {
        URL.revokeObjectURL(one.url);
        kept.splice(kept.indexOf(one), 1);
        cell.remove();
        sync();
        input.focus();
      });
      cell.appendChild(picture);
      cell.appendChild(drop);
      box.insertBefore(cell, input);
    }
    function tell(over) {
      var told = box.parentNode.querySelector(".photos__over");
      if (told) told.remove();
      if (!over) return;
      told = document.createElement("p");
      told.className = "field__error photos__over";
      told.setAttribute("role", "status");
      told.textContent = box.getAttribute("data-full");
      box.parentNode.insertBefore(told, box);
    }
    function take(files) {
      tell(files.length > most - kept.length);
      Array.prototype.slice.call(files, 0, most - kept.length).forEach(function (file) {
        var one = { file: file };
        kept.push(one);
        preview(one);
        busy(1);
        // Until the small one is ready the original stands in for it, so that sending early loses nothing.
        shrink(file, function (small) {
          if (small !== file && kept.indexOf(one) >= 0) { one.file = small; sync(); }
          busy(-1);
        });
      });
      sync();
    }

    box.classList.add("photos", "photos--on");
    input.addEventListener("change", function () {
      var chosen = Array.prototype.slice.call(input.files);
      if (chosen.length) take(chosen); else sync();
    });
    box.addEventListener("photos:drop", function (event) {
      var at = kept.map(function (one) { return one.file; }).indexOf(event.detail.file);
      if (at >= 0) box.querySelectorAll(".photos__drop")[at].click();
    });
    box.addEventListener("photos:restore", function (event) { take(event.detail.files); });
    add.hidden = false;
  }

  /* Tell when the photos of a form are small, or after a moment. */
  function settled(form) {
    return new Promise(function (go) {
      function look() { if (!form.querySelector("[data-busy]")) go(); }
      form.addEventListener("photos:small", look);
      setTimeout(go, MOMENT);
      look();
    });
  }
  var passing = null; // a form that has waited
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (event.defaultPrevented || form === passing || !button || form.hasAttribute("data-outbox") || !form.querySelector("[data-busy]")) return;
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return; // pressed already
    button.setAttribute("aria-disabled", "true");
    settled(form).then(function () {
      button.removeAttribute("aria-disabled");
      passing = form;
      button.click();
      passing = null;
    });
  }, true);

  window.linliPhotos = { settled: settled };
  if (!canHold()) return;
  function ready() {
    var boxes = document.querySelectorAll("[data-photos]:not(.photos--on)");
    for (var i = 0; i < boxes.length; i++) Picker(boxes[i]);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
  // Forms that came later, from what the phone keeps.
  document.addEventListener("linli:filled", ready);
})();
