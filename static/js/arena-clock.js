// Lets the server's clock run on: the server said what time it was when it made the page, and the
// browser's steady clock counts from there. The time of day of this device does not matter.
(function () {
  "use strict";
  var place = document.querySelector("[data-now]");
  if (!place) return;
  var told = Number(place.dataset.now);
  var since = performance.now();
  function text(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  function draw(clock) {
    if (clock.dataset.began === "") return;
    var now = told + Math.floor((performance.now() - since) / 1000);
    var used = Number(clock.dataset.spent) + Math.max(0, now - Number(clock.dataset.began));
    var limit = clock.dataset.limit === "" ? null : Number(clock.dataset.limit);
    var over = limit !== null && used > limit;
    var warns = limit !== null && !over && limit - used <= Number(clock.dataset.warning);
    clock.querySelector("[data-clock-text]").textContent = limit === null ? text(used) : over ? "+" + text(used - limit) : text(limit - used);
    clock.querySelector("[data-clock-note]").textContent = over ? "已超时" : warns ? "时间将到" : "";
    clock.classList.toggle("arena-over", over);
    clock.classList.toggle("arena-warns", warns);
  }
  function all() { document.querySelectorAll("[data-clock]").forEach(draw); }
  all();
  setInterval(all, 200);
})();
