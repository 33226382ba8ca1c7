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
  document.addEventListener("leitai:feed", function () {
    clearTimeout(timer);
    // Thirty judges may hand in within a second: one load for all of them.
    timer = setTimeout(function () {
      if (typing()) document.getElementById("arena-moved").hidden = false;
      else window.location.reload();
    }, 300);
  });
})();
