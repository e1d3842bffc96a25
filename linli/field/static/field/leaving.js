/* Signing out leaves nothing on the phone and loses nothing; without a network the session ends with the
   first page that finds one. window.linliLeaving. */
/* global linliStore, linliOutbox, linliDay, linliBar */
(function () {
  "use strict";
  var finishing = null;

  /* Send what can be sent, then ask or go. stop: ends what the page does by itself. */
  async function leave(form, stop) {
    var loss;
    try {
      if (navigator.onLine) await linliOutbox.send(true);
      loss = await losses();
    } catch (error) { loss = "手机上存的记录现在读不出来。有没发的，现在退出会丢掉它们。"; }
    if (loss) {
      linliBar.ask(loss, [
        ["先不退出", function () { linliBar.tell(); }], ["丢掉并退出", function () { wipeAndGo(form, stop); }],
      ]);
      linliBar.bar().scrollIntoView({ block: "nearest" });
    } else wipeAndGo(form, stop);
  }
  /* What is on this phone only, in words: what waits or was refused, and what is half written. */
  async function losses() {
    var records = (await linliOutbox.all()).filter(function (one) { return one.box; }).length;
    var drafts = (await (await linliStore.open()).getAllKeys("kept")).filter(function (name) { return /^draft:/.test(name); }).length;
    var parts = [];
    if (records) parts.push(records + " 条记录没有发出去");
    if (drafts) parts.push(drafts + " 张单子写了一半");
    return parts.length ? "还有 " + parts.join("，") + "，现在退出会丢掉它们。" + (records ? "等有信号发完再退出。" : "") : "";
  }
  async function wipeAndGo(form, stop) {
    stop();
    var day = await linliDay.kept().catch(function () { return null; });
    await goodbye().catch(function () {});
    await linliStore.wipe().catch(function () {});
    // If this does not get through, the session ends with the first page that finds a network.
    if (day) localStorage.setItem("linli-leaving", day.until);
    if (navigator.onLine) form.submit(); else location.assign("/field/");
  }
  /* Page and network both ask for it: it is done once. */
  function finish() {
    if (!finishing) {
      finishing = end();
      finishing.then(function (isOver) { if (!isOver) finishing = null; }, function () { finishing = null; });
    }
    return finishing;
  }
  async function end() {
    var until = localStorage.getItem("linli-leaving");
    if (!until || !navigator.onLine) return false;
    var answer = await linliStore.ask("/field/day/");
    if (answer.status >= 500) return false; // not now
    var day = answer.ok ? await answer.json() : null;
    var isOurs = Boolean(day) && day.until === until; // not over already, and nobody signed in since
    if (isOurs) {
      var ended = await linliStore.ask("/sign-out/", { method: "POST", headers: { "X-CSRFToken": day.csrf } });
      if (!ended.ok && ended.type !== "opaqueredirect") return false;
    }
    localStorage.removeItem("linli-leaving");
    if (isOurs) location.replace("/sign-in/");
    return isOurs;
  }

  async function goodbye() {
    var device = await linliStore.get("device");
    if (device && navigator.onLine) await linliStore.ask("/field/sync/leaving/", { method: "POST", headers: { "X-Linli-Device": device.token } }, 5000);
  }

  window.linliLeaving = { leave: leave, finish: finish };
})();
