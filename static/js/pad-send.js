// Sends what waits on this device, on every page of the judge, until the server has answered.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var LONGEST = 60000;
  var PATIENCE = 20000;
  var busy = false;
  var delay = 1000;
  var timer = 0;

  function cookie(name) {
    var found = new RegExp("(?:^|; )" + name + "=([^;]*)").exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : "";
  }
  function waiting() {
    return pad.keys().filter(function (key) {
      var draft = pad.read(key);
      return draft && draft.state === "pending";
    });
  }
  function post(draft) {
    var controller = window.AbortController ? new AbortController() : null;
    var stop = controller ? setTimeout(function () { controller.abort(); }, PATIENCE) : 0;
    return fetch(draft.url, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({ op: draft.op, sheets: pad.tree(draft.marks) }),
      signal: controller ? controller.signal : undefined
    }).then(function (answer) {
      clearTimeout(stop);
      return understand(answer);
    }, function () {
      clearTimeout(stop);
      return { kind: "later" };
    });
  }
  function understand(answer) {
    // Not signed in: the server leads to the sign-in page.
    if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status >= 300 && answer.status < 400)) return { kind: "signin" };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { kind: "later" };
    var type = answer.headers.get("Content-Type") || "";
    if (type.indexOf("application/json") < 0) return { kind: answer.status === 403 ? "forbidden" : "later" };
    return answer.json().then(function (body) {
      return answer.ok ? { kind: "receipt", body: body } : { kind: body.error, body: body };
    }, function () { return { kind: "later" }; });
  }
  // What the answer makes of the draft. Whoever sent it, only the same operation is settled.
  function settle(key, op, result) {
    var draft = pad.read(key);
    if (!draft || draft.op !== op || draft.state !== "pending") return;
    var body = result.body || {};
    if (result.kind === "receipt") pad.write(key, Object.assign({}, draft, { state: "sent", receipt: body.receipt, received: body.at, trouble: "" }));
    else if (result.kind === "conflict") pad.write(key, Object.assign({}, draft, { state: "conflict", existing: body.existing, trouble: body.message }));
    else if (result.kind === "invalid") pad.write(key, Object.assign({}, draft, { state: "draft", op: pad.uuid(), problems: body.problems, trouble: body.message }));
    else if (result.kind === "closed" || result.kind === "refused") pad.write(key, Object.assign({}, draft, { state: "draft", op: pad.uuid(), trouble: body.message }));
    else if (draft.trouble !== result.kind) pad.write(key, Object.assign({}, draft, { trouble: result.kind }));
  }
  function flush() {
    clearTimeout(timer);
    if (busy) return;
    var queue = waiting();
    if (!queue.length) { delay = 1000; return; }
    busy = true;
    var again = false;
    queue.reduce(function (before, key) {
      return before.then(function () {
        var draft = pad.read(key);
        if (!draft || draft.state !== "pending") return null;
        return post(draft).then(function (result) {
          if (result.kind === "later" || result.kind === "signin" || result.kind === "forbidden") again = true;
          else delay = 1000;
          settle(key, draft.op, result);
        });
      });
    }, Promise.resolve()).then(function () {
      busy = false;
      if (again) {
        timer = setTimeout(flush, delay);
        delay = Math.min(delay * 2, LONGEST);
      } else if (waiting().length) flush();
    });
  }
  function hurry() { delay = 1000; flush(); }
  pad.flush = hurry;
  window.addEventListener("online", hurry);
  window.addEventListener("pageshow", hurry);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) hurry(); });

  // Lists: what is only on this device is said where the entrant or the round stands.
  function count(draft) {
    return Object.keys(draft.marks).filter(function (name) { return draft.marks[name]; }).length;
  }
  function word(draft) {
    if (draft.state === "pending") return "待上传";
    if (draft.state === "sent") return "已提交 " + draft.receipt;
    if (draft.state === "conflict") return "两份不一样";
    return count(draft) ? "草稿" : "";
  }
  function mark() {
    document.querySelectorAll("[data-draft-key], [data-draft-under]").forEach(function (place) {
      var own = place.dataset.draftKey;
      var under = place.dataset.draftUnder;
      var words = pad.keys().filter(function (key) {
        return own ? key === own : key === under || key.indexOf(under + ".") === 0;
      }).map(function (key) { return word(pad.read(key)); }).filter(Boolean);
      var target = place.querySelector("[data-state-word]");
      if (!target.dataset.was) target.dataset.was = target.textContent;
      var pending = words.filter(function (text) { return text === "待上传"; }).length;
      target.textContent = pending ? "待上传 " + pending + " 份" : words.indexOf("两份不一样") >= 0 ? "两份不一样" : words[0] || target.dataset.was;
    });
    document.querySelectorAll("[data-outbox]").forEach(function (box) {
      var queue = waiting();
      box.hidden = !queue.length;
      if (!queue.length) return;
      var signin = queue.some(function (key) { return pad.read(key).trouble === "signin"; });
      box.textContent = "待上传 " + queue.length + " 份，已存在这部手机上，" + (signin ? "登录已过期，请重新登录后自动上传。" : "有信号时自动上传。");
    });
  }
  document.addEventListener("pad:draft", mark);
  mark();

  // The receipt: the device lets go of its copy, unless it holds something else.
  var sent = document.getElementById("pad-sent");
  if (sent) {
    var draft = pad.read(sent.dataset.key);
    var stored = {};
    sent.querySelectorAll("[data-sent]").forEach(function (cell) { stored[cell.dataset.sent] = cell.textContent; });
    if (draft && pad.same(draft.marks, stored)) pad.drop(sent.dataset.key);
    else if (draft && count(draft)) differ(sent.dataset.key, draft, stored);
  }
  function differ(key, draft, stored) {
    var box = document.getElementById("pad-tell");
    box.hidden = false;
    box.appendChild(pad.make("p", "这部手机上还有另一份，与已提交的不一样，没有上传，也没有覆盖已提交的："));
    var list = pad.make("ul");
    Object.keys(draft.marks).forEach(function (name) {
      if (!draft.marks[name] || pad.units(draft.marks[name], 6) === pad.units(stored[name] || "", 6)) return;
      var term = sent.querySelector('[data-sent="' + name + '"]');
      list.appendChild(pad.make("li", (term ? term.previousElementSibling.textContent : name) + "：已提交 " + (stored[name] || "—") + "，本机 " + draft.marks[name]));
    });
    box.appendChild(list);
    box.appendChild(pad.make("p", "以已提交的为准。如本机这份才对，请告诉工作人员按更正手续办理。"));
    var button = pad.make("button", "知道了，清除本机这份", "btn btn-quiet");
    button.type = "button";
    button.addEventListener("click", function () { pad.drop(key); box.hidden = true; });
    box.appendChild(button);
  }
  flush();
})();
