// The marking pad: steps, exact totals, the draft from the first touch, read-back, receipt.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var form = document.getElementById("pad");
  var key = form.dataset.key;
  var inputs = Array.from(form.querySelectorAll("input[data-high]"));
  var lines = Array.from(form.querySelectorAll(".pad-line"));
  var box = document.getElementById("pad-tell");
  var stateBox = document.getElementById("pad-state");
  var submit = document.getElementById("pad-submit");
  var dialog = document.getElementById("pad-readback");
  var verb = submit.textContent;
  var scale = inputs.reduce(function (most, input) {
    return Math.max(most, pad.places(input.dataset.low), pad.places(input.dataset.high), pad.places(input.dataset.step));
  }, 2);
  var draft = null;
  var asked = false;

  function row(input) { return input.closest(".pad-row"); }
  function label(input) { return row(input).querySelector("label").textContent; }
  function marks() {
    var found = {};
    inputs.forEach(function (input) { found[input.name] = pad.tidy(input.value); });
    return found;
  }
  function fault(input, asking) {
    var text = pad.tidy(input.value);
    if (!text) return asking ? "没有打分，请填写。" : "";
    var value = pad.units(text, scale);
    var low = pad.units(input.dataset.low, scale);
    var high = pad.units(input.dataset.high, scale);
    var step = pad.units(input.dataset.step, scale);
    if (value === null && !/^-?\d{1,6}(\.\d{0,6})?$/.test(text)) return "「" + text + "」不是数字，请改正。";
    if (value !== null && (value < low || value > high)) return "应在 " + input.dataset.low + " 到 " + input.dataset.high + " 之间，请改正。";
    if (value === null || (step && (value - low) % step)) return "打分间隔 " + input.dataset.step + "，请改正。";
    return "";
  }
  function show(input, text) {
    row(input).classList.toggle("pad-row-bad", !!text);
    row(input).querySelector(".pad-error").textContent = text;
  }
  function check(input, asking) {
    var text = fault(input, asking);
    show(input, text);
    if (text) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    return !text;
  }
  function sum(line) {
    var total = 0;
    var any = false;
    var left = 0;
    line.querySelectorAll("input[data-high]").forEach(function (input) {
      var value = pad.units(input.value, scale);
      if (value === null || fault(input, true)) left += 1;
      else { total += value; any = true; }
    });
    return { total: total, any: any, left: left, text: any ? pad.show(total, scale, 2) : "—" };
  }
  function count() {
    lines.forEach(function (line) {
      var output = line.querySelector("[data-line-total]");
      if (output) output.textContent = sum(line).text;
    });
    if (!form.dataset.tour) {
      var sums = lines.map(sum);
      var begun = sums.some(function (one) { return one.any; });
      document.getElementById("pad-total").textContent = begun ? sums.map(function (one) { return one.text; }).join(" / ") : "—";
    }
    if (asked) {
      box.querySelector("p").textContent = lacking();
      box.hidden = !box.textContent;
    }
    document.dispatchEvent(new CustomEvent("pad:count"));
  }

  // Steps − and +, repeated while held. From an empty field both begin in the middle: a slip of the
  // thumb is then neither full marks nor nothing, and every mark is near.
  function step(input, sign) {
    if (input.readOnly) return;
    var low = pad.units(input.dataset.low, scale);
    var high = pad.units(input.dataset.high, scale);
    var size = pad.units(input.dataset.step, scale) || 1;
    var value = pad.units(input.value, scale);
    if (value === null) value = low + Math.floor((high - low) / 2 / size) * size;
    else {
      var beside = (value - low) % size;
      value = value - beside + (sign > 0 ? size : beside ? 0 : -size);
    }
    input.value = pad.show(Math.min(high, Math.max(low, value)), scale, 0);
    check(input, false);
    touched();
  }
  function button(input, sign) {
    var made = pad.make("button", sign > 0 ? "+" : "−");
    var timer = 0;
    made.type = "button";
    made.setAttribute("aria-label", label(input) + (sign > 0 ? "加 " : "减 ") + input.dataset.step);
    function stop() { clearTimeout(timer); timer = 0; }
    function again() { step(input, sign); timer = setTimeout(again, 110); }
    made.addEventListener("pointerdown", function () { stop(); timer = setTimeout(again, 500); });
    ["pointerup", "pointerleave", "pointercancel", "blur"].forEach(function (name) { made.addEventListener(name, stop); });
    made.addEventListener("click", function () { step(input, sign); });
    made.addEventListener("contextmenu", function (event) { event.preventDefault(); });
    return made;
  }

  // The draft. True once what stands here is kept; false while another page's stands against it.
  function touched() {
    count();
    var kept = pad.read(key);
    var mine = marks();
    if (kept && kept.gen !== (draft ? draft.gen : "") && !pad.same(kept.marks, mine)) {
      return kept.state === "draft" ? twoPages(kept, mine) : tooLate(kept, mine);
    }
    if (draft && draft.state !== "draft") return false;
    draft = pad.write(key, Object.assign({ op: pad.uuid(), url: form.dataset.url, title: form.dataset.title, page: window.location.pathname }, kept || draft || {}, { marks: mine, state: "draft", problems: null, trouble: "" }));
    return true;
  }
  function fill(values) {
    inputs.forEach(function (input) {
      if (values[input.name] !== undefined) input.value = values[input.name];
      check(input, false);
    });
    count();
  }
  function adopt(kept) {
    draft = kept;
    if (kept) fill(kept.marks);
    render();
  }
  // What differs, and how many marks are the same: a whole tour is too long to compare line by line.
  function changes(before, after) {
    var both = inputs.filter(function (input) { return before[input.name] !== undefined && after[input.name] !== undefined; });
    var differing = both.filter(function (input) {
      var one = before[input.name] || "";
      var other = after[input.name] || "";
      return one !== other && (pad.units(one, 6) === null || pad.units(one, 6) !== pad.units(other, 6));
    });
    return { same: both.length - differing.length, rows: differing.map(function (input) {
      return { label: (lines.length > 1 ? input.closest(".pad-line").dataset.name + " " : "") + label(input), before: before[input.name] || "—", after: after[input.name] || "—" };
    }) };
  }
  function twoPages(kept, mine) {
    tell("另一个页面也在打这一份，两边不一样，请选一份：", changes(kept.marks, mine), "另一个页面", "这里", [
      ["用另一个页面的", function () { hush(); adopt(kept); }],
      ["用这里的", function () { hush(); draft = kept; draft = pad.write(key, Object.assign({}, kept, { marks: mine, state: kept.state === "sent" ? "sent" : "draft", op: pad.uuid() })); render(); }]
    ]);
    return false;
  }

  function tooLate(kept, mine) {
    var compared = changes(kept.marks, mine);
    adopt(kept);
    tell("这一份已在另一个页面提交，这里后填的没有保存：", compared, "已交的", "这里填的");
    return false;
  }

  // Telling: a sentence, two versions side by side, and what can be done.
  function hush() { box.hidden = true; box.textContent = ""; asked = false; }
  function lacking() {
    var left = inputs.filter(function (input) { return fault(input, true); }).length;
    return left ? "还有 " + left + " 项没有打好，已在下面标出。" : "";
  }
  function tell(sentence, compared, left, right, actions, link, second) {
    hush();
    box.hidden = false;
    var inner = pad.make("div");
    inner.appendChild(pad.make("p", sentence));
    if (compared && compared.rows.length) {
      var table = pad.make("table", null, "pad-diff");
      var head = table.createTHead().insertRow();
      ["项目", left, right].forEach(function (text) { var cell = pad.make("th", text); cell.scope = "col"; head.appendChild(cell); });
      var body = table.createTBody();
      compared.rows.forEach(function (item) {
        var line = body.insertRow();
        var name = pad.make("th", item.label);
        name.scope = "row";
        line.appendChild(name);
        line.insertCell().textContent = item.before;
        line.insertCell().textContent = item.after;
      });
      inner.appendChild(table);
    }
    if (compared && compared.same) inner.appendChild(pad.make("p", compared.rows.length ? "另有 " + compared.same + " 项两份相同，没有列出。" : "两份的 " + compared.same + " 项打分都相同。"));
    [link, second].filter(Boolean).forEach(function (one, place) {
      var anchor = pad.make("a", one[0], "btn " + (place ? "btn-quiet" : "btn-primary"));
      anchor.href = one[1];
      inner.appendChild(anchor);
    });
    (actions || []).forEach(function (action) {
      var made = pad.make("button", action[0], "btn btn-quiet");
      made.type = "button";
      made.addEventListener("click", action[1]);
      inner.appendChild(made);
    });
    box.appendChild(inner);
    box.scrollIntoView({ block: "nearest" });
  }

  function say(kind, word, note) {
    stateBox.className = "pad-state pad-state--" + kind;
    document.getElementById("pad-state-word").textContent = word;
    document.getElementById("pad-state-note").textContent = note;
  }
  function lock(locked) {
    inputs.forEach(function (input) { input.readOnly = locked; });
    form.querySelectorAll(".stepper button").forEach(function (made) { made.disabled = locked; });
  }
  function render() {
    var state = draft ? draft.state : "draft";
    var number = draft && "回执号 " + draft.receipt;
    var receipt = ["查看回执", window.location.pathname];
    lock(state !== "draft");
    submit.hidden = state === "sent" || state === "conflict";
    submit.textContent = state === "pending" ? "立即重试" : verb;
    if (state === "pending") {
      say("pending", "待上传 1 份", "已存在本机，会自动重试，直到服务器收到");
      if (draft.trouble === "signin") tell("登录已过期。打分还在本机，没有丢失；重新登录后自动上传。", null, "", "", edit(), ["重新登录", pad.shared.dataset.signin + "?next=" + encodeURIComponent(window.location.pathname)]);
      else if (draft.trouble === "forbidden") tell("服务器没有接受：现在的身份不是这次的评委，或页面过旧。打分还在本机：请刷新页面，照提示换回评委身份。", null, "", "", edit());
      else tell("还没有传到服务器。可以离开这一页继续打下一份，回到有信号的地方会自动上传。", null, "", "", edit());
    } else if (state === "sent" && draft.late) {
      say("pending", "迟到，待裁定", number + "，" + draft.received);
      tell(draft.late + number + "（" + draft.received + "）。", null, "", "", [], receipt);
      box.className = "notice notice-warning";
      return;
    } else if (state === "sent") {
      say("sent", "已提交", number + "，" + draft.received);
      var next = form.dataset.next && ["下一个：" + form.dataset.nextName, form.dataset.next];
      tell("服务器已收到，" + number + "（" + draft.received + "）。", null, "", "", [], next || receipt, next && receipt);
      box.className = "notice notice-success";
      return;
    } else if (state === "conflict") {
      var stored = {};
      (draft.existing || []).forEach(function (sheet) {
        Object.keys(sheet.marks).forEach(function (name) { stored["m." + sheet.entry + "." + sheet.site + "." + name] = sheet.marks[name]; });
      });
      say("pending", "没有提交", "服务器上已有另一份");
      tell(draft.trouble, changes(stored, draft.marks), "服务器上的", "本机的", [["以服务器上的为准，清除本机这份", function () { pad.drop(key); window.location.reload(); }]]);
    } else if (draft && draft.trouble) {
      say("draft", "草稿", "没有提交");
      tell(draft.trouble);
    } else if (draft) {
      say("draft", "草稿", pad.isDurable() ? "已存在本机 " + pad.clock(draft.at) : "这个浏览器不能保存草稿，请填好后马上提交");
    }
    if (state !== "sent") box.className = "notice notice-warning";
    (draft && draft.problems || []).forEach(function (problem) {
      var input = form.elements["m." + problem.entry + "." + problem.site + "." + problem.criterion];
      if (input) show(input, problem.message);
    });
  }
  function edit() {
    return [["取消上传，继续修改", function () {
      hush();
      keep({ state: "draft", op: pad.uuid(), trouble: "" });
    }]];
  }
  function keep(more) {
    draft = pad.write(key, Object.assign({}, pad.read(key) || draft, more));
    render();
  }

  // Handing in.
  function ask() {
    var wrong = inputs.filter(function (input) { return !check(input, true); });
    if (wrong.length) {
      tell(lacking());
      asked = true;
      document.dispatchEvent(new CustomEvent("pad:show", { detail: wrong[0].closest(".pad-line") }));
      wrong[0].focus();
      return;
    }
    var readback = document.getElementById("pad-readback-title");
    readback.textContent = "";
    readback.classList.toggle("pad-readback-many", lines.length > 3);
    lines.forEach(function (line) {
      var part = pad.make("span", line.dataset.name);
      part.appendChild(pad.make("strong", sum(line).text + " 分"));
      readback.appendChild(part);
    });
    readback.appendChild(pad.make("span", (lines.length > 3 ? "共 " + lines.length + " 份，" : "") + "确认提交？"));
    if (dialog.showModal) dialog.showModal();
    // Before iOS 15.4 there are no dialogs; what is not shown has no lines of its own either.
    else if (window.confirm(Array.from(readback.children, function (part) { return part.textContent; }).join("\n"))) send();
  }
  function send() {
    if (dialog.open) dialog.close();
    if (!draft || draft.state !== "draft") return;
    hush();
    keep({ marks: marks(), state: "pending", trouble: "" });
    pad.flush();
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (draft && draft.state === "pending") pad.flush();
    else if ((!draft || draft.state === "draft") && touched()) ask();
  });
  document.getElementById("pad-yes").addEventListener("click", send);
  document.getElementById("pad-no").addEventListener("click", function () { dialog.close(); });

  inputs.forEach(function (input) {
    var stepper = input.parentNode;
    stepper.insertBefore(button(input, -1), input);
    stepper.appendChild(button(input, 1));
    stepper.classList.add("stepper-on");
    input.addEventListener("input", function () { if (row(input).classList.contains("pad-row-bad")) check(input, false); touched(); });
    input.addEventListener("change", function () { check(input, false); });
    input.addEventListener("focus", function () { input.select(); });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowUp" || event.key === "ArrowDown") { event.preventDefault(); step(input, event.key === "ArrowUp" ? 1 : -1); }
      if (event.key === "Enter") {
        event.preventDefault();
        var next = inputs[inputs.indexOf(input) + 1];
        if (next && next.offsetParent) next.focus(); else submit.focus();
      }
    });
  });
  document.addEventListener("pad:elsewhere", function (event) {
    if (event.detail.key !== key) return;
    var before = marks();
    var kept = event.detail.draft;
    if (!kept) { window.location.reload(); return; }
    hush();
    adopt(kept);
    var changed = changes(before, kept.marks);
    if (changed.rows.length && kept.state === "draft") tell("另一个页面刚改了这一份，这里已跟上：", changed, "原来", "现在");
  });
  document.addEventListener("pad:draft", function (event) {
    if (event.detail.key !== key || !event.detail.draft || (draft && event.detail.draft.gen === draft.gen)) return;
    var settled = draft && event.detail.draft.parent === draft.gen && event.detail.draft.state !== draft.state;
    draft = event.detail.draft;
    if (settled) hush();
    render();
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) adopt(pad.read(key)); });

  var kept = pad.read(key);
  var served = marks();
  var typed = inputs.some(function (input) { return input.value; });
  if (kept && typed && kept.state === "draft" && !pad.same(kept.marks, Object.assign({}, kept.marks, served))) twoPages(kept, served);
  else if (kept) adopt(kept);
  count();
})();
