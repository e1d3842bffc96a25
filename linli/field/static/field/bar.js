/* What waits on the phone is told: the bar over the page, and whether there is a network. */
/* global linliStore, linliOutbox, linliDay */
(function () {
  "use strict";
  var doc = document;
  var isAsking = false; // a question waits in the bar for its answer: news don't push it away
  var shown = ""; // what news said last: the same again leaves the buttons under the finger alone

  function bar() {
    var found = doc.getElementById("outbox");
    if (!found) {
      found = doc.createElement("div");
      found.id = "outbox";
      found.className = "outbar";
      found.hidden = true;
      found.setAttribute("role", "status");
      var main = doc.getElementById("main");
      main.parentNode.insertBefore(found, main);
    }
    return found;
  }
  function say(words, tone, more) {
    var box = bar(), hadFocus = box.contains(doc.activeElement);
    isAsking = false;
    shown = "";
    box.className = "outbar" + (tone ? " outbar--" + tone : "");
    box.textContent = "";
    var text = doc.createElement("span");
    text.className = "outbar__text";
    text.textContent = words;
    box.appendChild(text);
    (more || []).forEach(function (one) { box.appendChild(one); });
    box.hidden = !words;
    // Whoever pressed a button in it does not begin at the top of the page again.
    box.tabIndex = -1;
    if (hadFocus) box.focus({ preventScroll: true });
  }
  /* What nobody asked for just now. */
  function news(words, tone, more) { if (!isAsking) say(words, tone, more); }
  /* choices: [label, act]; the first press ends the question. */
  function ask(words, choices) {
    say(words, "wrong", choices.map(function (one) {
      return button(one[0], function () { isAsking = false; one[1](); });
    }));
    isAsking = true;
  }
  function button(label, act) {
    var made = doc.createElement("button");
    made.type = "button";
    made.className = "btn btn--small";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }
  function troubles(records) {
    var list = doc.createElement("ul");
    records.forEach(function (record) {
      var row = doc.createElement("li");
      var link = doc.createElement("a");
      link.href = record.link || "/field/sent/";
      link.textContent = { conflict: "两边不一样，看一眼再定", refused: "没有收下：" + record.words }[record.state] || "等社区核实：" + record.words;
      link.addEventListener("click", function () { if (record.state !== "refused") drop(record); });
      row.appendChild(link);
      if (record.state === "refused") row.appendChild(button("不要了", function () { drop(record); }));
      list.appendChild(row);
    });
    return list;
  }
  async function drop(record) {
    var db = await linliStore.open();
    await db.delete("outbox", record.seq);
    var photos = await linliStore.photosOf(record.id);
    await Promise.all(photos.map(function (photo) { return linliStore.dropPhoto(photo.id); }));
    tell();
  }
  /* This browser keeps nothing: say so, and where to go. */
  function onlyOnline() {
    if (["/field/", "/field/me/"].indexOf(location.pathname) < 0 || doc.getElementById("only-online")) return;
    var agent = navigator.userAgent;
    var way = /MicroMessenger|wxwork|DingTalk|QQ\//i.test(agent)
      ? "点右上角的“…”，选“在浏览器打开”，再登录一次。"
      : "换手机自带的浏览器（不要用无痕窗口），打开 " + location.host + "/field/ 再登录一次。";
    var note = doc.createElement("div");
    note.id = "only-online";
    note.className = "note note--warn";
    note.setAttribute("role", "status");
    var inside = doc.createElement("div");
    inside.className = "note__text";
    ["这个浏览器只能有信号时用：不存单子，没有信号就打不开，也写不了。", way].forEach(function (words) {
      var line = doc.createElement("p");
      line.textContent = words;
      inside.appendChild(line);
    });
    note.appendChild(inside);
    var main = doc.getElementById("main");
    main.insertBefore(note, main.children[1] || null);
  }
  /* The page is not on this phone. hasDay: the list is. */
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
  async function tell(words, isSignedOut) {
    var records, clock;
    try {
      records = await linliOutbox.all();
      clock = await linliStore.get("clock");
    } catch (error) { return; } // signing out
    var waiting = records.filter(function (one) { return one.state === "waiting"; }).length;
    var others = records.filter(function (one) { return one.state !== "waiting"; });
    var text = waiting ? waiting + " 条记录等待发送" + (words ? "。" + words : "") : others.length ? others.length + " 条要再看一眼" : clock || "";
    var isOnline = navigator.onLine;
    var now = JSON.stringify([text, isOnline, isSignedOut, others.map(function (one) { return [one.seq, one.state, one.words, one.link]; })]);
    if (now !== shown) {
      var more = waiting && isOnline ? [button("现在发", function () { linliOutbox.send().catch(function () {}); })] : [];
      if (waiting && isSignedOut) more.push(button("登录", function () { location.assign("/sign-in/?next=/field/"); }));
      if (others.length) more.push(troubles(others));
      news(text, others.length ? "wrong" : "", more);
      if (!isAsking) shown = now;
    }
    linliDay.markFilled();
  }
  function pill() {
    var net = doc.getElementById("net");
    if (!net) return;
    net.textContent = navigator.onLine ? "在线" : net.getAttribute("data-off");
    net.classList.toggle("net--off", !navigator.onLine);
  }

  window.linliBar = { bar: bar, say: say, news: news, ask: ask, button: button, drop: drop, tell: tell, pill: pill, onlyOnline: onlyOnline, notHere: notHere };
})();
