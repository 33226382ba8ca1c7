// The operator's console follows the event: it loads itself anew, unless somebody is typing on it.
(function () {
  "use strict";
  var timer = 0;
  function typing() {
    var field = document.activeElement;
    return Array.prototype.some.call(document.querySelectorAll("main input, main select"), function (input) {
      return input.type !== "hidden" && (input === field || (input.defaultValue !== undefined && input.value !== input.defaultValue));
    });
  }
  // B, E and Esc press the buttons beside which they are written, unless somebody is typing.
  document.addEventListener("keydown", function (event) {
    if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    var button = document.querySelector('[data-code="' + event.code + '"]');
    if (button && button.getAttribute("aria-pressed") !== "true") button.click();
  });
  document.addEventListener("leitai:feed", function () {
    clearTimeout(timer);
    // Thirty judges may hand in within a second: one load for all of them.
    timer = setTimeout(function () {
      if (typing()) document.getElementById("arena-moved").hidden = false;
      else window.location.reload();
    }, 300);
  });
})();
