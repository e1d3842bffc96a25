/* What waits on the phone is told: the bar over the page, and whether there is a network. */
/* global linliStore, linliOutbox, linliDay */
(function () {
  "use strict";
  var doc = document;

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
    var box = bar();
    box.className = "outbar" + (tone ? " outbar--" + tone : "");
    box.textContent = "";
    var text = doc.createElement("span");
    text.className = "outbar__text";
    text.textContent = words;
    box.appendChild(text);
    (more || []).forEach(function (one) { box.appendChild(one); });
    box.hidden = !words;
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
  async function tell(words) {
    var records;
    try { records = await linliOutbox.all(); } catch (error) { return; } // signing out
    var waiting = records.filter(function (one) { return one.state === "waiting"; }).length;
    var others = records.filter(function (one) { return one.state !== "waiting"; });
    var clock = await linliStore.get("clock");
    var text = waiting ? waiting + " 条记录等待发送" + (words ? "。" + words : "") : others.length ? others.length + " 条要再看一眼" : clock || "";
    var more = waiting && navigator.onLine ? [button("现在发", linliOutbox.send)] : [];
    if (others.length) more.push(troubles(others));
    say(text, others.length ? "wrong" : "", more);
    linliDay.markFilled();
  }
  function pill() {
    var net = doc.getElementById("net");
    if (!net) return;
    net.textContent = navigator.onLine ? "在线" : net.getAttribute("data-off");
    net.classList.toggle("net--off", !navigator.onLine);
  }

  window.linliBar = { bar: bar, say: say, button: button, drop: drop, tell: tell, pill: pill };
})();
