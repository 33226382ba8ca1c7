// The editor of the rules: what a choice needs is shown at once, and the worked example follows the
// typing. Without this file the buttons 「按所选内容更新表单」 and 「算一算」 do the same.
(function () {
  "use strict";
  var form = document.querySelector("form[data-scheme]");
  var tree = document.querySelector(".scheme-tree");
  if (tree && window.matchMedia("(min-width: 1200px)").matches) tree.open = true;
  if (!form || !window.fetch || !window.FormData) return;
  var asked = 0;
  var waiting = 0;

  function ask(what, target, command) {
    var number = ++asked;
    var data = new FormData(form);
    data.set("do", command);
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Fragment": what } })
      .then(function (answer) { return answer.text().then(function (text) { return answer.ok && !answer.redirected ? text : null; }); })
      .then(function (text) {
        if (text === null || number !== asked) return;
        var place = form.querySelector(target);
        var active = document.activeElement && document.activeElement.id;
        if (place) place.innerHTML = text;
        prepare();
        var again = active && document.getElementById(active);
        if (again && again !== document.activeElement) again.focus();
      })
      .catch(function () { /* The buttons still work. */ });
  }
  function prepare() {
    form.querySelectorAll("[data-scheme-redraw]").forEach(function (button) { button.hidden = true; });
  }
  form.addEventListener("change", function (event) {
    if (!event.target.hasAttribute("data-reload")) return;
    clearTimeout(waiting);
    ask("form", "[data-scheme-form]", "redraw");
  });
  form.addEventListener("input", function (event) {
    if (event.isComposing || event.target.hasAttribute("data-reload")) return;
    if (!form.querySelector("[data-scheme-sentence]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(function () { ask("example", "[data-scheme-sentence]", "redraw"); }, 300);
  });
  prepare();
})();
