// Lists of rounds and entrants: what is only on this device is said where it belongs.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  function count(draft) {
    return Object.keys(draft.marks).filter(function (name) { return draft.marks[name]; }).length;
  }
  function word(draft) {
    if (draft.state === "pending") return "待上传";
    if (draft.state === "sent" && draft.late) return "迟到，待裁定 " + draft.receipt;
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
      var queue = pad.waiting();
      box.hidden = !queue.length;
      if (!queue.length) return;
      var signin = queue.some(function (key) { return pad.read(key).trouble === "signin"; });
      box.textContent = "待上传 " + queue.length + " 份，已存在本机，" + (signin ? "登录已过期，请重新登录后自动上传。" : "有信号时自动上传。");
    });
  }
  // What the server shows as handed in need not stay on this device.
  document.querySelectorAll("[data-done-key]").forEach(function (place) {
    var draft = pad.read(place.dataset.doneKey);
    if (draft && draft.state === "sent") pad.drop(place.dataset.doneKey);
  });
  document.addEventListener("pad:draft", mark);
  mark();
})();
