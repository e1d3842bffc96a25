/* What waits to be sent: records in their order, once each, photos in pieces that go on where they stopped.
   Window and worker share it; a lock lets one of them send at a time. */
/* global linliStore */
(function (root) {
  "use strict";
  var PIECE = 192 * 1024;
  var SEND = "/field/sync/submissions/";
  var PHOTO = "/field/sync/photos/";
  var TRIES = 5; // a record that we can't take for our own fault lets the others pass then
  var LATER = "现在传不上去，过一会儿会再试。";
  var listeners = [];
  var channel = root.BroadcastChannel ? new BroadcastChannel("linli-field") : null;

  function tell(news) {
    listeners.forEach(function (one) { one(news); });
    if (channel) channel.postMessage(news);
  }
  function listen(one) { listeners.push(one); }
  if (channel) channel.onmessage = function (event) { listeners.forEach(function (one) { one(event.data); }); };

  async function all() { return (await linliStore.open()).getAll("outbox"); }
  async function waiting() { return (await all()).filter(function (one) { return one.state === "waiting"; }); }

  /* Keep a record with the photos of its draft, both or none. card: the key of what it is about, and whether
     it finishes that. mended: the refused record that it puts right, which goes. */
  async function add(body, link, draft, card, mended) {
    var db = await linliStore.open();
    var before = await waiting();
    if (before.length) body.after = [before[before.length - 1].id];
    var box = await linliStore.sealed(body);
    var turn = db.transaction(["outbox", "photos", "kept"], "readwrite");
    var photos = await turn.objectStore("photos").index("of").getAll(draft);
    var old = mended ? await turn.objectStore("photos").index("of").getAllKeys(mended.id) : [];
    await Promise.all(photos.map(function (photo) {
      return turn.objectStore("photos").put(Object.assign(photo, { of: body.id }));
    }).concat(old.map(function (id) { return turn.objectStore("photos").delete(id); }), [
      mended && turn.objectStore("outbox").delete(mended.seq),
      turn.objectStore("outbox").add(Object.assign({ id: body.id, state: "waiting", link: link, tries: 0, box: box }, card)),
      turn.objectStore("kept").delete(draft), turn.done,
    ]));
    tell({ kind: "changed" });
  }

  /* why: "signed-out" when somebody has to sign in, "theirs" when the server, or what stands before it, did not. */
  function Stop(words, why) { this.words = words; this.why = why; }

  async function call(token, method, url, body, headers) {
    var headed = Object.assign({ "X-Linli-Device": token, "X-Linli-Phone-Now": new Date().toISOString() }, headers);
    try { return await linliStore.ask(url, { method: method, body: body, headers: headed }); } catch (error) {
      throw new Stop("没有信号，有信号后会自动发送。");
    }
  }
  /* What we answered. The page of a hotel's network or of a proxy is no answer of ours, whatever its status. */
  async function saidBy(answer, has) {
    var found = await answer.json().catch(function () { return null; });
    if (!found || typeof found[has] !== "string") throw new Stop(LATER, "theirs");
    return found;
  }

  async function digest(bytes) {
    var hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }

  /* One photo: ask how far it came, send what is missing. */
  async function sendPhoto(token, photo, progress) {
    var bytes;
    try { bytes = await linliStore.unseal(photo); } catch (error) {
      if (!linliStore.isUnreadable(error)) throw error;
      return "有一张照片在手机上读不出来了，请重拍。";
    }
    var url = PHOTO + photo.id + "/";
    var answer = await call(token, "HEAD", url);
    if (answer.status === 404) {
      answer = await call(token, "PUT", url, JSON.stringify({ size: bytes.byteLength, sha256: await digest(bytes) }));
    }
    var fresh = 0, last = -1;
    for (;;) {
      if (answer.status === 401) throw new Stop("登录一次，就接着发。", "signed-out");
      if (answer.status >= 500 || answer.status === 429) throw new Stop(LATER, "theirs");
      var at = Number(answer.headers.get("Upload-Offset"));
      if (answer.status === 422 || (answer.status === 409 && !answer.headers.has("Upload-Offset"))) {
        // Pieces that do not fit together begin anew, once; what is no photo is told.
        var problem = await saidBy(answer, "detail");
        if (problem.code !== "broken_upload" || fresh++) return problem.detail;
        at = 0;
        last = -1;
      } else if (!answer.headers.has("Upload-Offset")) {
        throw new Stop(LATER, "theirs");
      }
      progress(at / bytes.byteLength);
      if (at >= bytes.byteLength) return "";
      if (!(at > last)) throw new Stop(LATER, "theirs"); // it gets nowhere: not again and again
      last = at;
      answer = await call(token, "PATCH", url, bytes.slice(at, at + PIECE), { "Upload-Offset": String(at) });
    }
  }

  async function sendOne(token, record, progress) {
    var body;
    try { body = await linliStore.read(record.box); } catch (error) {
      if (!linliStore.isUnreadable(error)) throw error;
      return refuse(record, "这条记录在手机上读不出来了，请重写一遍。");
    }
    // What never came in is not waited for.
    var gone = (await linliStore.get("gone")) || [];
    body.after = (body.after || []).filter(function (id) { return gone.indexOf(id) < 0; });
    var photos = await linliStore.photosOf(record.id);
    for (var i = 0; i < photos.length; i++) {
      if (photos[i].is_sent) continue;
      var wrong = await sendPhoto(token, photos[i], progress.bind(null, i, photos.length));
      if (wrong) return refuse(record, wrong);
      photos[i].is_sent = true;
      await put("photos", photos[i]);
    }
    body.photos = photos.map(function (photo) { return [photo.item, photo.id]; });
    var answer = await call(token, "POST", SEND, JSON.stringify(body), { "Content-Type": "application/json" });
    if (answer.status === 201 || answer.status === 202) return came(record, await saidBy(answer, "state"));
    if (answer.status === 401) throw new Stop("登录一次，就接着发。", "signed-out");
    if (answer.status === 429 || answer.status >= 500 || answer.type === "opaqueredirect") {
      throw new Stop("服务器现在收不下，过一会儿会再发。", "theirs");
    }
    var problem = await saidBy(answer, "detail");
    if (problem.code === "photos_missing" && record.tries + 1 < TRIES) {
      // They were swept away meanwhile: send them once more.
      await Promise.all(photos.map(function (photo) { return put("photos", Object.assign(photo, { is_sent: false })); }));
      throw new Stop("照片要再传一次。", "theirs");
    }
    return refuse(record, problem.detail);
  }
  /* One that fails again and again for our own fault, or for its own on the phone, lets the others pass. */
  async function attempt(token, record, progress) {
    try { return await sendOne(token, record, progress); } catch (error) {
      var stop = error instanceof Stop ? error : new Stop(LATER, "theirs");
      if (stop.why !== "theirs") throw stop;
      record.tries += 1;
      await put("outbox", record);
      if (record.tries < TRIES) throw stop;
      return null;
    }
  }
  /* Notes that help are not worth a stop: a phone that is full has to send, so that there is room. */
  async function put(name, row) { await (await linliStore.open()).put(name, row).catch(function () {}); }

  async function came(record, told) {
    if (told.id !== record.id) throw new Stop(LATER, "theirs");
    await (told.clock ? linliStore.set("clock", told.clock) : linliStore.drop("clock")).catch(function () {});
    if (told.signed_in === false) tell({ kind: "signed-out" });
    var link = told.state === "taken" ? told.link : "/field/sent/" + told.id + "/";
    return settle(record, told.state, told.words, link, told.clock);
  }

  async function refuse(record, words) {
    var gone = ((await linliStore.get("gone")) || []).concat(record.id).slice(-100);
    await linliStore.set("gone", gone).catch(function () {});
    return settle(record, "refused", words);
  }
  /* What came in goes from the phone; what was refused stays, to be mended. */
  async function settle(record, state, words, link, clock) {
    var db = await linliStore.open();
    var turn = db.transaction(["outbox", "photos"], "readwrite");
    record.state = state;
    record.words = words;
    if (link) record.link = link;
    if (state === "taken" || state === "held") {
      turn.objectStore("outbox").delete(record.seq);
    } else {
      if (state !== "refused") delete record.box;
      turn.objectStore("outbox").put(record);
    }
    if (state !== "refused") {
      var photos = await turn.objectStore("photos").index("of").getAllKeys(record.id);
      photos.forEach(function (id) { turn.objectStore("photos").delete(id); });
    }
    await turn.done;
    tell({ kind: "settled", id: record.id, state: state, words: words, link: record.link, clock: clock });
    return state;
  }

  async function sendAll() {
    var device = await linliStore.get("device");
    if (!device) return;
    var queue = await waiting();
    if (!queue.length) return;
    for (let i = 0; i < queue.length; i++) {
      tell({ kind: "sending", number: i + 1, count: queue.length, part: 0 });
      await attempt(device.token, queue[i], function (at, photos, part) {
        tell({ kind: "sending", number: i + 1, count: queue.length, part: (at + part) / photos });
      });
    }
    tell({ kind: "done", count: queue.length });
  }

  /* Send what waits. Whoever holds the lock is sending already; who has to know the end waits for it. */
  async function send(isPatient) {
    async function go(lock) {
      if (lock === null) return;
      try { await sendAll(); } catch (stop) {
        if (!(stop instanceof Stop)) throw stop;
        tell({ kind: "stopped", words: stop.words, isSignedOut: stop.why === "signed-out" });
      }
    }
    if (root.navigator.locks) return root.navigator.locks.request("linli-outbox", { ifAvailable: isPatient !== true }, go);
    return go(true);
  }

  root.linliOutbox = { all: all, waiting: waiting, add: add, send: send, listen: listen, settle: settle };
})(self);
