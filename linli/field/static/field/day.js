/* The day as the phone keeps it: fetched while there is a network, shown when there is none, gone when the
   session is over. window.linliDay. */
/* global linliStore, linliOutbox, linliPictures */
(function () {
  "use strict";
  var FRESH = 5 * 60 * 1000;
  var doc = document;

  async function kept() {
    var day = await linliStore.get("day");
    if (day && !linliStore.isAlive(day)) { await forget(); return null; }
    return day;
  }
  /* The list goes; what was written stays until it is handed over. */
  async function forget() { await linliStore.drop("day"); await linliPictures.drop(); }

  /* Fetch the day; "" when all is well, "signed-out" when nobody is signed in. */
  async function refresh(isForced) {
    var old = await kept();
    if (!isForced && old && Math.abs(Date.now() - old.got) < FRESH) return "";
    var asked = Date.now();
    var answer = await linliStore.ask("/field/day/", { headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 || answer.status === 404) {
      await forget();
      return "signed-out";
    }
    if (!answer.ok) return "";
    var day = await answer.json();
    day.got = Date.now();
    day.skew = Date.parse(day.now) - day.got;
    await takeOver(day, asked);
    await linliStore.set("day", day);
    return "";
  }

  /* The phone belongs to whoever is signed in: another one's queue is handed over before it goes. Of two
     windows one does it. */
  function takeOver(day, asked) {
    function go() { return become(day, asked); }
    return navigator.locks ? navigator.locks.request("linli-device", go) : go();
  }
  async function become(day, asked) {
    var device = await linliStore.get("device");
    var isSame = Boolean(device) && device.account === day.account;
    // Known to the server, or made by another window since this day was asked for.
    if (isSame && (day.devices.indexOf(device.id) >= 0 || device.at >= asked)) return;
    if (device) {
      if (!isSame) await forget(); // at once: nobody sees whom another one visits
      // What was written on a phone that was ended goes to the desk, by its old token.
      await linliOutbox.send(true);
      if ((await linliOutbox.waiting()).length) throw new Error("What was written before waits still.");
      if (!isSame) await linliStore.wipe(true);
    }
    var answer = await linliStore.ask("/field/sync/device/", { method: "POST", headers: { "X-CSRFToken": day.csrf } });
    if (answer.status !== 201) throw new Error("This phone is not known.");
    var known = await answer.json();
    await linliStore.set("device", { token: known.token, id: known.id, account: day.account, at: Date.now() });
  }

  /* Show the list as the server drew it. */
  function show(day) {
    var drawn = new DOMParser().parseFromString(day.page, "text/html");
    doc.documentElement.className = drawn.documentElement.className + " js";
    doc.title = drawn.title;
    swap(drawn, "header.band");
    swap(drawn, "#main");
    var bar = drawn.querySelector("nav.tabbar");
    var here = doc.querySelector("nav.tabbar");
    if (here) here.remove();
    if (bar) doc.body.appendChild(doc.importNode(bar, true));
    doc.dispatchEvent(new CustomEvent("linli:filled"));
  }
  function swap(drawn, selector) {
    var fresh = drawn.querySelector(selector);
    var here = doc.querySelector(selector);
    if (fresh && here) here.replaceWith(doc.importNode(fresh, true));
  }

  /* Show what belongs to an address: the cards that lead there. False when there is none. */
  function showPage(day, path) {
    var cards = day.cards.filter(function (card) { return card.link.split("#")[0].split("?")[0] === path; });
    if (!cards.length) return false;
    show(day);
    var main = doc.getElementById("main");
    main.innerHTML = cards.map(function (card) { return card.html; }).join("");
    var current = doc.querySelector(".tabbar [aria-current]");
    if (current && path !== "/field/") current.removeAttribute("aria-current");
    var title = main.querySelector("h1");
    if (title) doc.title = title.textContent;
    linliPictures.show().catch(function () {});
    doc.dispatchEvent(new CustomEvent("linli:filled"));
    return true;
  }

  /* Say on the list which cards are filled in already, and count them as done. */
  async function markFilled() {
    var records;
    try { records = await linliOutbox.all(); } catch (error) { return; } // signing out
    var marks = doc.querySelectorAll(".task__state");
    for (var i = 0; i < marks.length; i++) marks[i].remove();
    var ended = {};
    records.forEach(function (record) {
      if (record.state !== "waiting") return;
      doc.querySelectorAll("a.task__link").forEach(function (link) {
        var key = link.getAttribute("data-key");
        if (record.key && key ? key !== record.key : link.getAttribute("href") !== record.link) return;
        if (record.isEnd && key) ended[key] = link.getAttribute("data-kind");
        if (link.querySelector(".task__state")) return;
        var mark = doc.createElement("span");
        mark.className = "task__state";
        mark.textContent = "已填好，等待发送";
        link.appendChild(mark);
        var act = link.parentNode.querySelector("form"); // 接单: done already
        if (act) act.hidden = true;
      });
    });
    score(Object.keys(ended).map(function (key) { return ended[key]; }));
  }
  /* kinds: of the cards of the list that wait to be sent, done. */
  function score(kinds) {
    doc.querySelectorAll("[data-of]").forEach(function (place) {
      var kind = place.getAttribute("data-of"), all = Number(place.getAttribute("data-all"));
      var done = Number(place.getAttribute("data-done")) + kinds.filter(function (one) { return !kind || one === kind; }).length;
      place.textContent = done + "/" + all;
      if (kind) return;
      var ring = doc.querySelector("[data-score] .ring__value");
      ring.setAttribute("stroke-dasharray", Math.floor(100 * done / all) + " 100");
      ring.setAttribute("visibility", done ? "visible" : "hidden");
      doc.querySelector("[data-n=done]").textContent = done;
      doc.querySelector("[data-n=left]").textContent = all - done;
    });
  }

  window.linliDay = { kept: kept, refresh: refresh, show: show, showPage: showPage, markFilled: markFilled, forget: forget };
})();
