// Sends what waits on this device, on every page of the judge, until the server has answered.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var LONGEST = 60000;
  var PATIENCE = 20000;
  // A request that left before the network went away may hang when it is back. So once a try was not
  // answered, the next ones are given up sooner; whoever has the operation already answers the same.
  var IMPATIENCE = 4000;
  // When nobody answers at all, tries are free: often at first, so that what waits is on its way as
  // soon as the hall's network, or the server, is back.
  var SOON = 500;
  var OFTEN = 240;
  var busy = false;
  var delay = 1000;
  var unanswered = 0;
  var timer = 0;
  var onWay = null;
  var left = 0;

  function cookie(name) {
    var found = new RegExp("(?:^|; )" + name + "=([^;]*)").exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : "";
  }
  function post(draft) {
    var controller = window.AbortController ? new AbortController() : null;
    var stop = controller ? setTimeout(function () { controller.abort(); }, unanswered ? IMPATIENCE : PATIENCE) : 0;
    onWay = controller;
    left = Date.now();
    return fetch(draft.url, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({ op: draft.op, sheets: pad.tree(draft.marks) }),
      signal: controller ? controller.signal : undefined
    }).then(function (answer) {
      clearTimeout(stop);
      onWay = null;
      return understand(answer, draft);
    }, function () {
      clearTimeout(stop);
      onWay = null;
      return { kind: "later", silent: true };
    });
  }
  // An answer that nobody reads keeps its connection, and a browser has six.
  function drain(answer) {
    if (!answer.bodyUsed) answer.text().catch(function () { return ""; });
  }
  function understand(answer, draft) {
    var found = read(answer, draft);
    drain(answer);
    return found;
  }
  function read(answer, draft) {
    // Not signed in: the server leads to the sign-in page.
    if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status >= 300 && answer.status < 400)) return { kind: "signin" };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { kind: "later" };
    var type = answer.headers.get("Content-Type") || "";
    if (type.indexOf("application/json") < 0) return answer.status === 403 ? ask(draft) : { kind: "later" };
    return answer.json().then(function (body) {
      return answer.ok ? { kind: "receipt", body: body } : { kind: body.error, body: body };
    }, function () { return { kind: "later" }; });
  }
  // Refused before it was read: signed out, an old token (the page brings a new one), another role.
  function ask(draft) {
    return fetch(draft.page, { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      drain(answer);
      return { kind: answer.type === "opaqueredirect" ? "signin" : "forbidden" };
    }, function () { return { kind: "later" }; });
  }
  // What the answer makes of the draft. Whoever sent it, only the same operation is settled.
  function settle(key, op, result) {
    var draft = pad.read(key);
    if (!draft || draft.op !== op || draft.state !== "pending") return;
    var body = result.body || {};
    if (result.kind === "receipt") pad.write(key, Object.assign({}, draft, { state: "sent", receipt: body.receipt, received: body.at, late: body.late || "", trouble: "" }));
    else if (result.kind === "conflict") pad.write(key, Object.assign({}, draft, { state: "conflict", existing: body.existing, trouble: body.message }));
    else if (result.kind === "invalid") pad.write(key, Object.assign({}, draft, { state: "draft", op: pad.uuid(), problems: body.problems, trouble: body.message }));
    else if (result.kind === "closed" || result.kind === "refused") pad.write(key, Object.assign({}, draft, { state: "draft", op: pad.uuid(), trouble: body.message }));
    else if (draft.trouble !== result.kind) pad.write(key, Object.assign({}, draft, { trouble: result.kind }));
  }
  function flush() {
    clearTimeout(timer);
    if (busy) return;
    var queue = pad.waiting();
    if (!queue.length) { calm(); return; }
    busy = true;
    var again = false;
    var silent = true;
    queue.reduce(function (before, key) {
      return before.then(function () {
        var draft = pad.read(key);
        if (!draft || draft.state !== "pending") return null;
        return post(draft).then(function (result) {
          if (!result.silent) silent = false;
          if (result.kind === "later" || result.kind === "signin" || result.kind === "forbidden") again = true;
          else calm();
          settle(key, draft.op, result);
        });
      });
    }, Promise.resolve()).then(function () {
      busy = false;
      if (again && silent && unanswered < OFTEN) {
        unanswered += 1;
        timer = setTimeout(flush, SOON);
      } else if (again) {
        timer = setTimeout(flush, delay);
        delay = Math.min(delay * 2, LONGEST);
      } else if (pad.waiting().length) flush();
    });
  }
  function calm() { delay = 1000; unanswered = 0; }
  // The network is back, or the pad is looked at again: what hangs is sent anew.
  function hurry() {
    calm();
    if (onWay && Date.now() - left > IMPATIENCE) onWay.abort();
    flush();
  }
  pad.flush = hurry;
  pad.cookie = cookie;
  window.addEventListener("online", hurry);
  window.addEventListener("pageshow", hurry);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) hurry(); });

  flush();
})();
