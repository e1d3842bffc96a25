/* What the field keeps on the phone: everything that is somebody's is encrypted with a key that no
   script can take out (WebCrypto, AES-GCM), and goes with it. Built on idb. Window and worker share it. */
/* global idb */
(function (root) {
  "use strict";
  var NAME = "linli-field";
  var opened = null;
  // A store that does not open (a browser's own trouble) must not keep the worker's pages waiting; a page
  // that is shown already can wait for a slow phone.
  var PATIENCE = root.document ? 10000 : 3000;
  var LONGEST = 30000; // nor a step in it that never ends: drafts, records and locks would wait behind it for ever
  var isLate = false; // the last step was broken off for it
  var isGone = false; // wiped: what is still under way in this window must not begin anew

  function open() {
    if (isGone) return Promise.reject(new Error("The store was wiped."));
    if (!opened) {
      opened = inTime(idb.openDB(NAME, 1, {
        upgrade: function (db) {
          db.createObjectStore("keys");
          db.createObjectStore("kept");
          db.createObjectStore("photos", { keyPath: "id" }).createIndex("of", "of");
          db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
        },
        blocking: function (_was, _next, event) { opened = null; event.target.close(); },
        terminated: function () { opened = null; },
      })).then(watched);
      opened.catch(function () { opened = null; });
    }
    return opened;
  }
  function inTime(promise) {
    return new Promise(function (resolve, reject) {
      var timer = setTimeout(function () { reject(new Error("The store does not open.")); }, PATIENCE);
      promise.then(function (db) { clearTimeout(timer); resolve(db); }, function (error) { clearTimeout(timer); reject(error); });
    });
  }
  /* A step that does not end is broken off, whole; the next one opens the store anew. */
  function watched(db) {
    var raw = idb.unwrap(db), begin = raw.transaction;
    raw.transaction = function () {
      var turn = begin.apply(raw, arguments);
      var timer = setTimeout(function () {
        isLate = true;
        opened = null;
        raw.close();
        idb.wrap(turn).done.catch(function () {}); // its steps say it
        try { turn.abort(); } catch (error) { /* it has just ended */ }
      }, LONGEST);
      turn.addEventListener("abort", function () { clearTimeout(timer); });
      turn.addEventListener("complete", function () { clearTimeout(timer); isLate = false; });
      return turn;
    };
    return db;
  }
  function close() {
    var was = opened;
    opened = null;
    return was ? was.then(function (db) { db.close(); }, function () {}) : Promise.resolve();
  }

  async function key() {
    var db = await open();
    var known = await db.get("keys", "key");
    if (known) return known;
    var made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    var turn = db.transaction("keys", "readwrite");
    // Two windows at once: the first one's key counts.
    known = await turn.store.get("key");
    if (!known) await turn.store.put(made, "key");
    await turn.done;
    return known || made;
  }
  async function seal(bytes) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv: iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, await key(), bytes) };
  }
  async function unseal(box) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, await key(), box.data);
  }
  async function sealed(value) { return seal(new TextEncoder().encode(JSON.stringify(value))); }
  async function read(box) { return JSON.parse(new TextDecoder().decode(await unseal(box))); }

  /* What can't be read any more, its key being gone, is as good as nothing. */
  async function get(name) {
    var box = await (await open()).get("kept", name);
    return box ? read(box).catch(function (error) { if (isUnreadable(error)) return null; throw error; }) : null;
  }
  function isUnreadable(error) { return error.name === "OperationError"; }
  async function set(name, value) { return (await open()).put("kept", await sealed(value), name); }
  async function drop(name) { return (await open()).delete("kept", name); }

  /* Tell whether the kept day may still be shown: the session has an end, by the server's clock. */
  function isAlive(day) { return Boolean(day) && Date.parse(day.until) > Date.now() + day.skew; }

  /* Photos: `of` says what they belong to, a draft or a record. gone: ids of those whose place it takes,
     in one step: nobody finds neither. */
  async function keepPhoto(photo, bytes, gone) {
    var box = await seal(bytes);
    var turn = (await open()).transaction("photos", "readwrite");
    var steps = [turn.store.put(Object.assign({ iv: box.iv, data: box.data }, photo)), turn.done];
    await Promise.all(steps.concat((gone || []).map(function (id) { return turn.store.delete(id); })));
  }
  async function photosOf(of) { return (await open()).getAllFromIndex("photos", "of", of); }
  async function photo(id) { return (await open()).get("photos", id); }
  async function dropPhoto(id) { return (await open()).delete("photos", id); }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /* Everything goes: the key first, so that even half of it is nothing. goesOn: for whoever comes next. */
  async function wipe(goesOn) {
    try {
      var db = await open();
      await db.clear("keys");
      await Promise.all(["kept", "photos", "outbox"].map(function (name) { return db.clear(name); }));
    } finally { if (goesOn !== true) await remove(); }
  }
  async function remove() {
    isGone = true;
    await close();
    await inTime(idb.deleteDB(NAME)).catch(function () {}); // another window that sleeps may hold it: it is empty
  }

  /* Ask the server. What comes to no end is broken off, in the middle of its answer too. */
  function ask(url, options, longest) {
    var breaker = new AbortController();
    setTimeout(function () { breaker.abort(); }, longest || 60000);
    return fetch(url, Object.assign({ redirect: "manual", cache: "no-store", signal: breaker.signal }, options));
  }

  root.linliStore = {
    can: Boolean(root.indexedDB && root.crypto && root.crypto.subtle && root.isSecureContext),
    isLate: function () { return isLate; }, isUnreadable: isUnreadable, ask: ask,
    open: open, seal: seal, unseal: unseal, sealed: sealed, read: read, get: get, set: set, drop: drop,
    keepPhoto: keepPhoto, isAlive: isAlive, photo: photo, photosOf: photosOf, dropPhoto: dropPhoto, wipe: wipe, newId: newId,
  };
})(self);
