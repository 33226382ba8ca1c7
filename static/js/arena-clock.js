// Lets the server's clock run on between two states: seconds since this page was shown, counted by
// the browser's own steady clock, never by the time of day of this device.
(function () {
  "use strict";
  var begun = new WeakMap();
  function text(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  function draw(clock) {
    if (!begun.has(clock)) begun.set(clock, performance.now());
    if (clock.dataset.running !== "yes") return;
    var used = Number(clock.dataset.used) + Math.floor((performance.now() - begun.get(clock)) / 1000);
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
