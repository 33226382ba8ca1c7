// The part of a page with the judges and the devices that ask: renewed when the feed says so, and
// every few seconds, for who has gone is told by nobody.
(function () {
  "use strict";
  var place = document.querySelector("[data-judges]");
  if (!place || !window.fetch) return;
  var EVERY = 5000;
  var timer = 0;
  var busy = false;
  function replace(html) {
    var slot = document.getElementById("slot-judges");
    var fragment = document.createElement("template");
    fragment.innerHTML = html;
    var focused = slot.contains(document.activeElement) ? document.activeElement.id : "";
    slot.parentNode.replaceChild(fragment.content, slot);
    var again = focused && document.getElementById(focused);
    if (again) again.focus();
  }
  function ask() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    fetch(place.dataset.judges, { credentials: "same-origin", redirect: "manual", cache: "no-store" }).then(function (answer) {
      return answer.text().then(function (html) { return answer.ok ? html : ""; });
    }).then(function (html) {
      // Under a finger nothing may change: what was pressed and what was meant would differ.
      if (html && !place.querySelector("button:active") && !place.querySelector("form[data-sent]")) replace(html);
    }).catch(function () { return null; }).then(function () {
      busy = false;
      timer = setTimeout(ask, document.hidden ? 4 * EVERY : EVERY);
    });
  }
  document.addEventListener("leitai:feed", function (event) { if (event.detail.kind === "judges") ask(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
  timer = setTimeout(ask, EVERY);
})();
