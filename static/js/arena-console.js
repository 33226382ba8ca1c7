// The operator's console follows the event: it loads itself anew, unless somebody is typing on it.
(function () {
  "use strict";
  // So long what the server said after the last step stays to be read.
  var READ = 6000;
  var timer = 0;
  var leaving = false;
  var moved = false;
  var loaded = Date.now();
  function changed(input) {
    if (input.type === "hidden") return false;
    if (input === document.activeElement) return true;
    if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
    if (!input.options) return input.value !== input.defaultValue;
    var first = Array.prototype.findIndex.call(input.options, function (option) { return option.defaultSelected; });
    return input.selectedIndex !== Math.max(0, first);
  }
  function typing() {
    return Array.prototype.some.call(document.querySelectorAll("main input, main select"), changed);
  }
  function renew() {
    // Loading now would lose the answer to what has just been sent.
    if (leaving) return;
    if (typing()) document.getElementById("arena-moved").hidden = false;
    // Scores that were asked for are put away as soon as the stage goes on.
    else if (moved) window.location.replace(window.location.pathname);
    else window.location.reload();
  }
  document.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("pageshow", function () { leaving = false; loaded = Date.now(); });
  // B, E and Esc press the buttons beside which they are written, unless somebody is typing.
  document.addEventListener("keydown", function (event) {
    if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    var button = document.querySelector('[data-code="' + event.code + '"]');
    if (button && button.getAttribute("aria-pressed") !== "true") button.click();
  });
  document.addEventListener("leitai:feed", function (event) {
    // The part with the judges renews itself (arena-judges.js).
    if (event.detail.kind === "judges") return;
    if (event.detail.kind === "moved") moved = true;
    clearTimeout(timer);
    // Thirty judges may hand in within a second: one load for all of them.
    var pause = document.querySelector("main .messages") ? loaded + READ - Date.now() : 0;
    timer = setTimeout(renew, Math.max(300, pause));
  });
})();
