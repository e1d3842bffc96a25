/* Signing out leaves nothing on the phone and loses nothing; without a network the session ends with the
   first page that finds one. window.linliLeaving. */
/* global linliStore, linliOutbox, linliDay, linliBar */
(function () {
  "use strict";
  var finishing = null;

  /* Send what can be sent, then ask or go. stop: ends what the page does by itself. */
  async function leave(form, stop) {
    if (navigator.onLine) await linliOutbox.send(true);
    var left = (await linliOutbox.waiting()).length;
    if (left) {
      linliBar.ask("还有 " + left + " 条记录没有发出去，现在退出会丢掉它们。等有信号发完再退出。", [
        ["先不退出", function () { linliBar.tell(); }], ["丢掉并退出", function () { wipeAndGo(form, stop); }],
      ]);
      linliBar.bar().scrollIntoView({ block: "nearest" });
    } else wipeAndGo(form, stop);
  }
  async function wipeAndGo(form, stop) {
    stop();
    var day = await linliDay.kept().catch(function () { return null; });
    await goodbye().catch(function () {});
    await linliStore.wipe().catch(function () {});
    if (navigator.onLine) form.submit();
    else {
      // The session lives on at the server: it ends with the first page that finds a network.
      if (day) localStorage.setItem("linli-leaving", day.until);
      location.assign("/field/");
    }
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
    var answer = await fetch("/field/day/", { redirect: "manual", cache: "no-store" });
    var day = answer.ok ? await answer.json() : null;
    localStorage.removeItem("linli-leaving");
    if (!day || day.until !== until) return false; // over already, or somebody signed in since
    await fetch("/sign-out/", { method: "POST", redirect: "manual", headers: { "X-CSRFToken": day.csrf } });
    location.replace("/sign-in/");
    return true;
  }

  async function goodbye() {
    var device = await linliStore.get("device");
    if (device && navigator.onLine) await fetch("/field/sync/leaving/", { method: "POST", headers: { "X-Linli-Device": device.token } });
  }

  window.linliLeaving = { leave: leave, finish: finish };
})();
