// The receipt: the device lets go of its copy, unless it holds something else.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var sent = document.getElementById("pad-sent");
  var draft = pad.read(sent.dataset.key);
  var stored = {};
  sent.querySelectorAll("[data-sent]").forEach(function (cell) { stored[cell.dataset.sent] = cell.textContent; });
  var typed = draft && Object.keys(draft.marks).some(function (name) { return draft.marks[name]; });
  if (draft && (!typed || pad.same(draft.marks, stored))) pad.drop(sent.dataset.key);
  else if (draft) differ(sent.dataset.key);

  function differ(key) {
    var box = document.getElementById("pad-tell");
    box.hidden = false;
    box.appendChild(pad.make("p", "本机还有另一份，与已提交的不一样，没有上传，也没有覆盖已提交的："));
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
})();
