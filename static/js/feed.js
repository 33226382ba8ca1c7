// Follows the live feed of a page: an element with data-feed="/feed/…/" data-feed-after="7".
//
// An item {number, kind, data, at} with data.slots = {"score": "<p id=\"slot-score\">…</p>"} puts each
// fragment in the place of the element #slot-…; then the event "leitai:feed" (detail: the item) goes
// up from that element. [data-feed-state] says in words whether the page is connected.
//
// A browser opens six connections to one address, and a stream holds one. So all tabs with the same
// feed share the stream of one of them, at most SEATS feeds of a browser have a stream, and the others
// ask every two seconds. Everything works over plain HTTP.
(function () {
  "use strict";
  var root = document.querySelector("[data-feed]");
  if (!root || !window.fetch) return;
  var ADDRESS = root.getAttribute("data-feed");
  var SEATS = 3;
  // The server's stream carries something every 5 s; without it for so long, a proxy eats it.
  var PATIENCE = 15000;
  // After that, so long until a stream is tried again.
  var PAUSE = 30000;
  var POLL = 2000;
  var POLL_HIDDEN = 10000;
  var POLL_BUSY = 6000;
  var LEASE = 5000;
  var ON = "已连接";
  var OFF = "连接中断，正在重连……";
  var me = String(Math.random()).slice(2) + Date.now();
  var last = Number(root.getAttribute("data-feed-after")) || 0;
  var mode = "";
  var said = "";
  var source = null;
  var heard = 0;
  var tryAgain = 0;
  var asking = null;
  var timer = 0;
  var refused = false;
  var busy = false;
  var shares = canShare();
  var room = shares ? new BroadcastChannel("leitai-feed") : null;

  function canShare() {
    try {
      localStorage.setItem("leitai-feed", "1");
      return Boolean(window.BroadcastChannel);
    } catch (refused) {
      return false;
    }
  }
  function tell(message) {
    message.feed = ADDRESS;
    if (room) room.postMessage(message);
  }

  // What comes
  function apply(item) {
    if (item.number <= last) return;
    // Only a tab that follows another can have missed one: it asks for the rest itself.
    if (item.number > last + 1) return poll();
    last = item.number;
    root.setAttribute("data-feed-after", last);
    var slots = (item.data && item.data.slots) || {};
    Object.keys(slots).forEach(function (name) { replace(name, slots[name]); });
    root.dispatchEvent(new CustomEvent("leitai:feed", { bubbles: true, detail: item }));
  }
  function replace(name, html) {
    var slot = document.getElementById("slot-" + name);
    if (!slot) return;
    var focused = slot.contains(document.activeElement) ? document.activeElement.id : "";
    var fragment = document.createElement("template");
    fragment.innerHTML = html;
    slot.parentNode.replaceChild(fragment.content, slot);
    var again = focused && document.getElementById(focused);
    if (again) again.focus();
  }
  function say(words) {
    said = words;
    var kind = words === ON ? "on" : "off";
    document.querySelectorAll("[data-feed-state]").forEach(function (place) {
      if (place.textContent !== words) place.textContent = words;
      place.setAttribute("data-feed-state", kind);
    });
  }
  function take(items) {
    items.forEach(function (item) {
      apply(item);
      if (mode !== "follow") tell({ item: item });
    });
  }

  // By a stream
  function openStream() {
    heard = Date.now();
    source = new EventSource(ADDRESS + "?after=" + last);
    source.onopen = alive;
    source.onmessage = function (event) { alive(); take([JSON.parse(event.data)]); };
    source.addEventListener("beat", alive);
    // Too many from one address: asking is enough for a while.
    source.addEventListener("full", function () { giveUp(PAUSE); });
    source.onerror = function () {
      say(OFF);
      // The browser tries again by itself, unless the server refused: then an answer says why.
      if (source && source.readyState === EventSource.CLOSED) giveUp(2 * POLL);
    };
  }
  function alive() {
    heard = Date.now();
    say(ON);
  }
  function closeStream() {
    if (source) source.close();
    source = null;
  }
  function giveUp(pause) {
    tryAgain = Date.now() + pause;
    decide();
  }

  // By asking
  function poll() {
    if (asking) return;
    clearTimeout(timer);
    var controller = window.AbortController ? new AbortController() : null;
    var stop = controller ? setTimeout(function () { controller.abort(); }, 4 * POLL) : 0;
    asking = fetch(ADDRESS + "?poll=1&after=" + last, {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: controller ? controller.signal : undefined
    }).then(function (answer) {
      // An answer that nobody reads keeps its connection, and a browser has six.
      if (!answer.ok) answer.text().catch(function () { return ""; });
      return understand(answer);
    }).catch(function () { say(OFF); }).then(function () {
      clearTimeout(stop);
      asking = null;
      again();
    });
  }
  function understand(answer) {
    refused = answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404;
    if (refused) {
      tryAgain = Date.now() + PAUSE;
      return say(answer.status ? "这个页面现在不对您开放，请刷新页面。" : "登录已失效，请刷新页面重新登录。");
    }
    // Too many at once: what was heard last still holds.
    busy = answer.status === 429;
    if (busy) return;
    // The page is ahead of the server: its database was put back.
    if (answer.status === 409) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json().then(function (items) {
      take(items);
      say(ON);
    });
  }
  function again() {
    clearTimeout(timer);
    // Spread, so that a hall of phones does not ask in one instant.
    var pause = (document.hidden || refused ? POLL_HIDDEN : busy ? POLL_BUSY : POLL) * (0.8 + 0.4 * Math.random());
    if (mode === "poll") timer = setTimeout(poll, pause);
  }

  // Which of the tabs does it
  function holder(key) {
    try {
      var held = JSON.parse(localStorage.getItem(key));
      return held && Math.abs(Date.now() - held.at) < LEASE ? held.id : "";
    } catch (unreadable) {
      return "";
    }
  }
  function hold(key) {
    var held = holder(key);
    if (held && held !== me) return false;
    localStorage.setItem(key, JSON.stringify({ id: me, at: Date.now() }));
    return holder(key) === me;
  }
  function drop(key) {
    if (shares && holder(key) === me) localStorage.removeItem(key);
  }
  function seats() {
    var keys = [];
    for (var number = 0; number < SEATS; number += 1) keys.push("leitai-feed-seat-" + number);
    return keys;
  }
  function leaveSeats() {
    seats().forEach(drop);
  }
  function sit() {
    var mine = seats().filter(function (key) { return holder(key) === me; });
    return mine.length ? hold(mine[0]) : seats().some(hold);
  }
  function choose() {
    if (!window.EventSource || Date.now() < tryAgain) {
      return shares && !hold("leitai-feed:" + ADDRESS) ? "follow" : "poll";
    }
    if (!shares) return document.hidden ? "poll" : "stream";
    if (!hold("leitai-feed:" + ADDRESS)) return "follow";
    if (sit()) return "stream";
    if (!document.hidden) tell({ wants: true });
    return "poll";
  }
  function decide() {
    var chosen = choose();
    if (chosen === "stream" && mode === "stream" && Date.now() - heard > PATIENCE) {
      say(OFF);
      tryAgain = Date.now() + PAUSE;
      chosen = "poll";
    }
    if (chosen !== "stream") {
      closeStream();
      if (shares) leaveSeats();
    }
    var changed = chosen !== mode;
    mode = chosen;
    if (mode === "stream" && !source) openStream();
    // Who begins to ask or to follow may have missed what came in between.
    if (changed && mode !== "stream") poll();
    if (mode !== "follow") tell({ said: said, last: last });
  }
  function listen(event) {
    var message = event.data;
    // A feed that somebody looks at has a stream rather than one in a hidden tab.
    if (message.wants && document.hidden && mode === "stream") return giveUp(2 * POLL_HIDDEN);
    if (message.feed !== ADDRESS || mode !== "follow") return;
    // One of those who remain is first, the others see that it holds the lease.
    if (message.leaves) return setTimeout(decide, 500 * Math.random());
    if (message.item) apply(message.item);
    if (message.said) say(message.said);
    if (message.last > last) poll();
  }
  function leave() {
    closeStream();
    clearTimeout(timer);
    leaveSeats();
    drop("leitai-feed:" + ADDRESS);
    if (mode !== "follow") tell({ leaves: true });
    mode = "left";
  }
  function arrive() {
    tryAgain = 0;
    heard = Date.now();
    if (source && source.readyState === EventSource.CLOSED) closeStream();
    decide();
    // At once, whatever the stream is doing: a phone that wakes up shows the present in a second.
    poll();
  }

  if (room) room.onmessage = listen;
  document.addEventListener("visibilitychange", function () { if (!document.hidden) arrive(); });
  window.addEventListener("online", arrive);
  window.addEventListener("pageshow", function (event) { if (event.persisted) arrive(); });
  window.addEventListener("pagehide", leave);
  setInterval(function () { if (mode !== "left") decide(); }, 1000);
  decide();
})();
