/* The field as an app: what waits is told and sent, forms go into the outbox. */
/* global linliStore, linliOutbox, linliDay, linliBar, linliLeaving, linliPictures, linliPhotos */
(function () {
  "use strict";
  if (!window.linliStore || !window.linliBar) return;
  if (!linliStore.can || !("serviceWorker" in navigator)) {
    linliBar.onlyOnline();
    return;
  }
  var doc = document;
  var bar = linliBar.bar, say = linliBar.say, tell = linliBar.tell, pill = linliBar.pill;
  var facts = doc.querySelector('meta[name="field-worker"]');
  var isShell = Boolean(doc.querySelector("[data-shell]"));
  var photosOfForm = new WeakMap(); // a chosen file and the id under which it is kept
  var shown = new WeakMap(); // a box for photos and the files in it
  var mended = new WeakMap(); // a form and the refused record that it puts right
  var asideTimer;
  var timer;

  linliOutbox.listen(function (news) {
    if (news.kind === "sending") {
      var part = doc.createElement("progress");
      part.max = 1;
      part.value = news.part;
      part.setAttribute("aria-label", "发送进度");
      linliBar.news("正在发第 " + news.number + " 条，共 " + news.count + " 条", "", [part]);
    } else if (news.kind === "done") {
      tell().then(function () {
        if (news.count && bar().hidden) {
          linliBar.news("都发完了，" + news.count + " 条。", "good");
          clearTimeout(asideTimer);
          asideTimer = setTimeout(tell, 6000);
        }
        if (news.count) again(true);
      });
    } else if (news.kind === "stopped") {
      tell(news.words, news.isSignedOut);
    } else if (news.kind === "signed-out") {
      linliDay.forget().catch(function () {});
    } else if (news.kind === "changed") tell();
  });

  doc.addEventListener("linli:filled", pill);

  // Forms of cards

  function draftOf(form) { return "draft:" + form.getAttribute("data-key"); }
  function answersOf(form) {
    var answers = {};
    new FormData(form).forEach(function (value, name) { if (typeof value === "string" && value.trim()) answers[name] = value; });
    return answers;
  }
  function told(form) {
    return Array.prototype.map.call(form.querySelectorAll("[data-item]"), function (box) {
      var chosen = box.querySelector("input:checked, option:checked");
      var plain = box.querySelector("textarea, input[type=number]");
      var words = chosen ? (chosen.closest("label") || chosen).textContent.trim() : plain ? plain.value.trim() : "";
      if (chosen && !chosen.value) words = "";
      return [box.getAttribute("data-label"), words];
    }).filter(function (one) { return one[1]; });
  }
  function missing(form) {
    return Array.prototype.filter.call(form.querySelectorAll("[data-required]"), function (box) {
      var file = box.querySelector("input[type=file]");
      return file ? !file.files.length : !answersOf(form)[box.getAttribute("data-item")];
    }).map(function (box) { return box.getAttribute("data-label"); });
  }
  function wrong(form, words) {
    var box = form.querySelector("[data-errors]");
    box.querySelector("p").textContent = words;
    box.hidden = !words;
    if (words) box.focus();
  }
  // Some browsers only say that the writing was broken off; nothing else of ours breaks one off.
  function isFull(error) { return Boolean(error) && !linliStore.isLate() && (/^(QuotaExceeded|Abort)Error$/.test(error.name) || /quota/i.test(String(error.message))); }

  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-outbox")) {
      event.preventDefault();
      keep(form);
    } else if (/\/sign-out\//.test(form.action)) {
      event.preventDefault();
      linliLeaving.leave(form, function () { clearInterval(timer); });
    } else if (!navigator.onLine && form.method === "post") {
      event.preventDefault();
      var card = form.closest(".task");
      if (card && isShell) return location.assign(card.querySelector("a.task__link").href); // taken on its card
      say("现在没有信号，这一步要等有信号再点。", "wrong");
      bar().scrollIntoView({ block: "nearest" });
    }
  }, true);

  // Another window signed out: what is kept now would go out in the name of whoever signs in next.
  var LEFT = new Error("这部手机已经退出登录，写的字还在这一页。在别的窗口登录以后，再按一次。");
  async function keep(form) {
    var lacking = missing(form);
    if (lacking.length) return wrong(form, "还差：" + lacking.join("、"));
    if (isLeaving(form)) return undefined;
    hold(form, true);
    var link = form.getAttribute("data-link");
    var last = (form.getAttribute("data-done-if") || "").split("=");
    try {
      if (window.linliPhotos) await linliPhotos.settled(form);
      // In its turn: a photo that is made small meanwhile changes places with the large one, and neither
      // may be missed in between.
      var isKept = await later(async function () {
        if (!(await linliStore.get("device"))) throw LEFT;
        if (!(await saveShown(form))) return false;
        var answers = answersOf(form);
        await linliOutbox.add({
          id: linliStore.newId(), kind: form.getAttribute("data-outbox"), title: form.getAttribute("data-title"),
          subject_id: form.getAttribute("data-subject"), base_version: form.getAttribute("data-base"),
          answers: answers, told: told(form), made_at: new Date().toISOString(),
        }, link, draftOf(form), { key: form.getAttribute("data-key"), isEnd: !last[1] || answers[last[0]] === last[1] }, mended.get(form));
        return true;
      });
      if (!isKept) return hold(form, false); // the form says why
    } catch (error) {
      hold(form, false);
      return wrong(form, error === LEFT ? LEFT.message : isFull(error) ? "手机存满了，这条还没有存上，写的字还在这一页。腾出一点空间再按一次。" : "没有存上，再按一次。");
    }
    if (window.Notification && navigator.storage && navigator.storage.persist) navigator.storage.persist();
    // A network that hangs keeps nobody: the next page goes on with it.
    if (navigator.onLine) await Promise.race([linliOutbox.send().catch(function () {}), new Promise(function (go) { setTimeout(go, 4000); })]);
    else askForSync();
    location.assign("/field/");
    return undefined;
  }
  function askForSync() {
    navigator.serviceWorker.ready.then(function (worker) { if (worker.sync) worker.sync.register("outbox").catch(function () {}); });
  }

  /* Nothing lacks any more: the button comes under the thumb. */
  function nearThumb(form) {
    var isReady = Object.keys(answersOf(form)).length && !missing(form).length;
    form.querySelector("[data-keep]").classList.toggle("actions", Boolean(isReady));
  }

  // Drafts: what was typed and photographed is kept from the first letter.

  var saving = Promise.resolve();
  /* Its button was pressed: what it holds goes into the outbox, no longer into the draft. */
  function isLeaving(form) { return form.hasAttribute("data-kept"); }
  /* Nothing can be written into it any more: it would not go along. */
  function hold(form, isHeld) { form.toggleAttribute("data-kept", isHeld); form.inert = isHeld; }
  function later(act) { saving = saving.then(act, act); return saving; }
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute("data-outbox")) return;
    later(function () { return isLeaving(form) || saveDraft(form); });
    nearThumb(form);
  });
  async function saveDraft(form) {
    try { await linliStore.set(draftOf(form), { answers: answersOf(form), at: Date.now(), mends: (mended.get(form) || {}).id }); }
    catch (error) { if (isFull(error)) wrong(form, "手机存满了，写的字还在这一页，先别关。腾出一点空间再接着写。"); }
  }
  doc.addEventListener("photos:change", function (event) {
    var form = event.target.closest("form[data-outbox]");
    if (!form) return;
    shown.set(event.target, event.detail.files);
    // What failed is tried again when the button is pressed.
    later(async function () { if (!isLeaving(form)) await savePhotos(form, event.target); }).catch(function () {});
  });
  /* The photos of the form as they are now; tells whether the phone has all of them. */
  async function saveShown(form) {
    var isAll = true;
    var boxes = form.querySelectorAll("[data-photos]");
    for (var i = 0; i < boxes.length; i++) {
      // What a draft kept may not be drawn yet.
      if (shown.has(boxes[i])) isAll = (await savePhotos(form, boxes[i])) && isAll;
    }
    return isAll;
  }
  async function savePhotos(form, box) {
    var files = shown.get(box);
    var item = box.closest("[data-item]").getAttribute("data-item");
    var kept = (await linliStore.photosOf(draftOf(form))).filter(function (one) { return one.item === item; });
    var ids = files.map(function (file) { return photosOfForm.get(file); });
    var here = kept.map(function (one) { return one.id; });
    var gone = here.filter(function (id) { return ids.indexOf(id) < 0; });
    var isAll = true;
    for (var i = 0; i < files.length; i++) {
      if (here.indexOf(ids[i]) >= 0) continue; // another window may have taken it away
      var id = linliStore.newId();
      try {
        await keepOne({ id: id, of: draftOf(form), item: item, type: files[i].type }, await files[i].arrayBuffer(), gone);
        gone = [];
        photosOfForm.set(files[i], id);
      } catch (error) {
        var isGone = /^Not(Readable|Found)Error$/.test(error.name);
        if (!isGone && !isFull(error)) throw error;
        isAll = false;
        hold(form, false);
        box.dispatchEvent(new CustomEvent("photos:drop", { detail: { file: files[i] } }));
        wrong(form, isGone ? "这张照片读不出来，没有存上，再拍一张。"
          : "手机存满了，这张照片没有存上。写的字和前面的照片都在；腾出空间再拍，或者先交文字。");
      }
    }
    await Promise.all(gone.map(linliStore.dropPhoto));
    return isAll;
  }
  /* A photo taken now goes before those that were fetched to look at. */
  async function keepOne(photo, bytes, gone) {
    try { await linliStore.keepPhoto(photo, bytes, gone); } catch (error) {
      if (!isFull(error) || !(await linliPictures.drop())) throw error;
      await linliStore.keepPhoto(photo, bytes, gone);
    }
  }
  /* The draft, or else what was refused, comes back; what was written since the form is here stays. */
  async function fillIn(form) {
    var draft = await linliStore.get(draftOf(form));
    var photos = await linliStore.photosOf(draftOf(form));
    var refused = (await linliOutbox.all()).filter(function (one) {
      return one.state === "refused" && (draft ? one.id === draft.mends : one.link === form.getAttribute("data-link"));
    })[0];
    if (refused) {
      mended.set(form, refused);
      wrong(form, "没有收下：" + refused.words);
      if (!photos.length) photos = await linliStore.photosOf(refused.id);
      if (!draft) draft = await linliStore.read(refused.box).catch(function () { return { answers: {} }; });
    }
    var written = answersOf(form);
    if (draft) Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || one.type === "file" || written[one.name] !== undefined || draft.answers[one.name] === undefined) return;
      if (one.type === "radio") one.checked = one.value === draft.answers[one.name]; else one.value = draft.answers[one.name];
    });
    if (draft) nearThumb(form);
    await Promise.all(Array.prototype.map.call(form.querySelectorAll("[data-photos]"), function (box) { return fillBox(form, box, photos); }));
  }
  async function fillBox(form, box, photos) {
    var item = box.closest("[data-item]").getAttribute("data-item");
    var own = photos.filter(function (one) { return one.item === item; });
    var files = await Promise.all(own.map(async function (one) {
      var bytes = await linliStore.unseal(one).catch(function () { return null; });
      if (!bytes) return null; // one that can't be read takes the others not along
      var file = new File([bytes], "照片.jpg", { type: one.type });
      if (one.of === draftOf(form)) photosOfForm.set(file, one.id);
      return file;
    }));
    files = files.filter(Boolean);
    if (files.length) box.dispatchEvent(new CustomEvent("photos:restore", { detail: { files: files } }));
  }

  // Opening

  async function open() {
    if (isShell) await fill();
    // Before anything of theirs is kept: a draft is not written over by what is begun anew.
    doc.querySelectorAll("form[data-outbox]").forEach(function (form) { later(function () { return fillIn(form); }); });
    await tell();
    await again(location.pathname === "/field/");
  }
  async function fill() {
    var day = await linliDay.kept();
    var path = location.pathname;
    if (day && path === "/field/") linliDay.show(day);
    else if (!day || !linliDay.showPage(day, path)) {
      if (day) linliDay.show(day);
      linliBar.notHere(Boolean(day));
    }
  }
  async function again(isForced) {
    if (!navigator.onLine || (await linliLeaving.finish().catch(function () { return false; }))) return;
    var came = "";
    // A phone too full for the new list has to send all the more.
    try { came = await linliDay.refresh(isForced); } catch (error) { console.warn("day: " + error); }
    if (came === "signed-out") {
      // What was written is handed over with the phone's own token, whoever is signed in.
      await linliOutbox.send().catch(function () {});
      await later(function () {}); // what is being kept gets there first
      if (isShell) location.replace("/sign-in/?next=" + encodeURIComponent(location.pathname));
      return;
    }
    var day;
    try { await linliOutbox.send(); day = await linliDay.kept(); } catch (error) { return; }
    linliPictures.keep(day).catch(function () {}); // next time, or with more room
    if (isShell && location.pathname === "/field/" && day && !doc.querySelector("#main :focus")) { linliDay.show(day); linliDay.markFilled(); }
  }

  // Out of the browser's cache of pages comes a form that was handed over, or the list of who signed out.
  window.addEventListener("pageshow", function (event) { if (event.persisted && isShell) location.reload(); });

  async function start() {
    var worker = await navigator.serviceWorker.register(facts.content, { scope: "/field/" });
    if (!worker) throw new Error("This browser lets no worker in.");
    await linliStore.open();
    window.addEventListener("online", function () { pill(); again(true); });
    window.addEventListener("offline", function () { pill(); tell(); });
    doc.addEventListener("visibilitychange", function () { if (doc.visibilityState === "visible") again(false); });
    setInterval(function () { linliLeaving.finish().catch(function () {}); }, 60000); // the network may come later than its news
    timer = setInterval(function () { if (navigator.onLine) linliOutbox.waiting().then(function (all) { return all.length && linliOutbox.send(); }).catch(function () {}); }, 60000);
    await open();
  }
  start().catch(function (error) {
    if (isShell) linliBar.notHere(false); else linliBar.onlyOnline();
    console.warn("offline: " + error);
  });
})();
