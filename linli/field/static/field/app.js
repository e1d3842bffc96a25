/* The field as an app: what waits is told and sent, forms go into the outbox. */
/* global linliStore, linliOutbox, linliDay, linliBar, linliLeaving, linliPictures */
(function () {
  "use strict";
  if (!window.linliStore || !window.linliBar) return;
  if (!linliStore.can || !("serviceWorker" in navigator)) {
    linliBar.onlyOnline();
    return;
  }
  var doc = document;
  var bar = linliBar.bar, say = linliBar.say, drop = linliBar.drop, tell = linliBar.tell, pill = linliBar.pill;
  var facts = doc.querySelector('meta[name="field-worker"]');
  var isShell = Boolean(doc.querySelector("[data-shell]"));
  var photosOfForm = new WeakMap(); // a chosen file and the id under which it is kept
  var shown = new WeakMap(); // a box for photos and the files in it
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
  function isFull(error) { return Boolean(error) && (/^(QuotaExceeded|Abort)Error$/.test(error.name) || /quota/i.test(String(error.message))); }

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

  async function keep(form) {
    var lacking = missing(form);
    if (lacking.length) return wrong(form, "还差：" + lacking.join("、"));
    if (isLeaving(form)) return undefined;
    form.setAttribute("data-kept", "1");
    var link = form.getAttribute("data-link"), answers = answersOf(form);
    var last = (form.getAttribute("data-done-if") || "").split("=");
    try {
      // In its turn: a photo that is made small meanwhile changes places with the large one, and neither
      // may be missed in between.
      var isKept = await later(async function () {
        if (!(await saveShown(form))) return false;
        await linliOutbox.add({
          id: linliStore.newId(), kind: form.getAttribute("data-outbox"), title: form.getAttribute("data-title"),
          subject_id: form.getAttribute("data-subject"), base_version: form.getAttribute("data-base"),
          answers: answers, told: told(form), made_at: new Date().toISOString(),
        }, link, draftOf(form), { key: form.getAttribute("data-key"), isEnd: !last[1] || answers[last[0]] === last[1] });
        return true;
      });
      if (!isKept) return form.removeAttribute("data-kept"); // the form says why
    } catch (error) {
      form.removeAttribute("data-kept");
      return wrong(form, isFull(error) ? "手机存满了，这条还没有存上，写的字还在这一页。腾出一点空间再按一次。" : "没有存上，再按一次。");
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
  function later(act) { saving = saving.then(act, act); return saving; }
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute("data-outbox")) return;
    later(function () { return isLeaving(form) || saveDraft(form); });
    nearThumb(form);
  });
  async function saveDraft(form) {
    try { await linliStore.set(draftOf(form), { answers: answersOf(form), at: Date.now() }); }
    catch (error) { if (isFull(error)) wrong(form, "手机存满了，写的字还在这一页，先别关。腾出一点空间再接着写。"); }
  }
  doc.addEventListener("photos:change", function (event) {
    var form = event.target.closest("form[data-outbox]");
    if (!form) return;
    shown.set(event.target, event.detail.files);
    later(function () { return isLeaving(form) || savePhotos(form, event.target); });
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
    var gone = kept.map(function (one) { return one.id; }).filter(function (id) { return ids.indexOf(id) < 0; });
    var isAll = true;
    for (var i = 0; i < files.length; i++) {
      if (photosOfForm.has(files[i])) continue;
      var id = linliStore.newId();
      try {
        await keepOne({ id: id, of: draftOf(form), item: item, type: files[i].type }, await files[i].arrayBuffer(), gone);
        gone = [];
        photosOfForm.set(files[i], id);
      } catch (error) {
        if (!isFull(error)) throw error;
        isAll = false;
        wrong(form, "手机存满了，这张照片没有存上。写的字和前面的照片都在；腾出空间再拍，或者先交文字。");
        box.dispatchEvent(new CustomEvent("photos:drop", { detail: { file: files[i] } }));
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
  async function fillIn(form) {
    var refused = (await linliOutbox.all()).filter(function (one) { return one.state === "refused" && one.link === form.getAttribute("data-link"); })[0];
    var draft = await linliStore.get(draftOf(form));
    if (!draft && refused) {
      draft = await linliStore.read(refused.box).catch(function () { return { answers: {} }; });
      wrong(form, "没有收下：" + refused.words);
      form.addEventListener("submit", function () { drop(refused); });
    }
    if (draft) Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || one.type === "file" || draft.answers[one.name] === undefined) return;
      if (one.type === "radio") one.checked = one.value === draft.answers[one.name]; else one.value = draft.answers[one.name];
    });
    if (draft) nearThumb(form);
    var photos = await linliStore.photosOf(draftOf(form));
    form.querySelectorAll("[data-photos]").forEach(async function (box) {
      var item = box.closest("[data-item]").getAttribute("data-item");
      var own = photos.filter(function (one) { return one.item === item; });
      var files = await Promise.all(own.map(async function (one) {
        var file = new File([await linliStore.unseal(one)], "照片.jpg", { type: one.type });
        photosOfForm.set(file, one.id);
        return file;
      }));
      if (files.length) box.dispatchEvent(new CustomEvent("photos:restore", { detail: { files: files } }));
    });
  }

  // Opening

  async function open() {
    if (isShell) await fill();
    doc.querySelectorAll("form[data-outbox]").forEach(fillIn);
    await tell();
    await again(location.pathname === "/field/");
  }
  async function fill() {
    var day = await linliDay.kept();
    var path = location.pathname;
    if (day && path === "/field/") linliDay.show(day);
    else if (!day || !linliDay.showPage(day, path)) {
      if (day) linliDay.show(day);
      notHere(Boolean(day));
    }
  }
  function notHere(hasDay) {
    var main = doc.getElementById("main");
    var empty = doc.createElement("div");
    empty.className = "empty";
    var words = doc.createElement("p");
    words.textContent = hasDay ? "这一页没有存在手机上，有信号的时候才能打开。" : "手机上没有今天的单子。有信号的时候登录一次，就会存好。";
    empty.appendChild(words);
    var back = doc.createElement("a");
    back.className = "btn";
    back.href = "/field/";
    back.textContent = "回到今天";
    empty.appendChild(back);
    main.textContent = "";
    var title = doc.createElement("h1");
    title.textContent = "没有信号";
    main.appendChild(title);
    main.appendChild(empty);
  }
  async function again(isForced) {
    if (!navigator.onLine || (await linliLeaving.finish().catch(function () { return false; }))) return;
    var came = "";
    // A phone too full for the new list has to send all the more.
    try { came = await linliDay.refresh(isForced); } catch (error) { console.warn("day: " + error); }
    if (came === "signed-out") {
      // What was written is handed over with the phone's own token, whoever is signed in.
      await linliOutbox.send().catch(function () {});
      if (isShell) location.replace("/sign-in/?next=" + encodeURIComponent(location.pathname));
      return;
    }
    var day;
    try { await linliOutbox.send(); day = await linliDay.kept(); } catch (error) { return; }
    linliPictures.keep(day).catch(function () {}); // next time, or with more room
    if (isShell && location.pathname === "/field/" && day && !doc.querySelector("#main :focus")) { linliDay.show(day); linliDay.markFilled(); }
  }

  async function start() {
    var worker = await navigator.serviceWorker.register(facts.content, { scope: "/field/" });
    if (!worker) throw new Error("This browser lets no worker in.");
    await linliStore.open();
    window.addEventListener("online", function () { pill(); again(true); });
    window.addEventListener("offline", function () { pill(); tell(); });
    doc.addEventListener("visibilitychange", function () { if (doc.visibilityState === "visible") again(false); });
    timer = setInterval(function () { if (navigator.onLine) linliOutbox.waiting().then(function (all) { if (all.length) linliOutbox.send(); }); }, 60000);
    await open();
  }
  start().catch(function (error) {
    if (isShell) notHere(false); else linliBar.onlyOnline();
    console.warn("offline: " + error);
  });
})();
