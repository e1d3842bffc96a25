/* What the service worker does; served as a part of /app/field.js, which sets VERSION and FILES. */
/* global VERSION, FILES, linliStore, linliOutbox */
(function () {
  "use strict";
  var NAME = "linli-field-" + VERSION;
  var SHELL = FILES[0];
  var PATIENCE = 4000; // a network that answers slower than this is none, when the phone has the page

  self.addEventListener("install", function (event) {
    event.waitUntil(caches.open(NAME).then(function (cache) {
      return cache.addAll(FILES.map(function (url) { return new Request(url, { cache: "reload", credentials: "omit" }); }));
    }).then(function () { return self.skipWaiting(); }));
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) { return name.indexOf("linli-field-") === 0 && name !== NAME; })
        .map(function (name) { return caches.delete(name); }));
    }).then(function () { return self.clients.claim(); }));
  });

  function shell() { return caches.match(SHELL).then(function (found) { return found || fetch(SHELL); }); }

  function soon(request) {
    return new Promise(function (resolve, reject) {
      var timer = setTimeout(function () { reject(new Error("slow")); }, PATIENCE);
      fetch(request).then(function (answer) { clearTimeout(timer); resolve(answer); },
        function (error) { clearTimeout(timer); reject(error); });
    });
  }

  function page(event, path) {
    if (event.request.method !== "GET") return fetch(event.request).catch(shell);
    return linliStore.get("day").catch(function () { return null; }).then(function (day) {
      var isKept = linliStore.isAlive(day);
      if (path === "/field/" && isKept) return shell();
      var hasPage = isKept && day.cards.some(function (card) { return card.link === path; });
      return (hasPage ? soon(event.request) : fetch(event.request)).catch(shell);
    });
  }

  self.addEventListener("fetch", function (event) {
    var url = new URL(event.request.url);
    if (url.origin !== location.origin) return;
    if (event.request.mode === "navigate" && url.pathname.indexOf("/field/") === 0) {
      event.respondWith(page(event, url.pathname));
    } else if (event.request.method === "GET" && url.pathname.indexOf("/static/") === 0) {
      event.respondWith(caches.match(event.request).then(function (found) { return found || fetch(event.request); }));
    }
  });

  self.addEventListener("sync", function (event) {
    if (event.tag !== "outbox") return;
    // What waits still is tried again by the browser, a while later.
    event.waitUntil(linliOutbox.send().then(linliOutbox.waiting).then(function (all) {
      if (all.length) throw new Error("Some records wait still.");
    }));
  });
})();
