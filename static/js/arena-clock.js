// Lets the server's clock run on: the server said what time it was when it made the page, and the
// browser's steady clock counts from there. The time of day of this device does not matter.
(function () {
  "use strict";
  var page = document.querySelector("[data-now]");
  if (!page) return;
  var told = Number(page.dataset.now);
  var since = performance.now();
  function text(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }
  // What overtime costs, in whole numbers of the smallest step: the rule that the server counts by.
  function charge(place, running) {
    var told = place.dataset;
    var seconds = Number(told.base) + (told.counts ? running : 0);
    var over = seconds - Number(told.allowance);
    var times = over <= 0 ? 0 : told.every === "0" ? 1 : Math.ceil(over / Number(told.every));
    var taken = Math.min(times * Number(told.unit), Number(told.cap));
    var digits = String(taken).padStart(Number(told.places) + 1, "0");
    var cut = digits.length - Number(told.places);
    var points = (digits.slice(0, cut) + "." + digits.slice(cut)).replace(/\.?0*$/, "");
    var words = !seconds ? "" : "已超时 " + text(seconds) + (taken ? "，将扣 " + points + " 分" : "，宽限以内不扣分");
    if (place.textContent !== words) place.textContent = words;
  }
  function draw(clock) {
    if (clock.dataset.began === "") return;
    var now = told + Math.floor((performance.now() - since) / 1000);
    var used = Number(clock.dataset.spent) + Math.max(0, now - Number(clock.dataset.began));
    var limit = clock.dataset.limit === "" ? null : Number(clock.dataset.limit);
    var over = limit !== null && used > limit;
    // Of this part alone overtime costs nothing: it is no warning.
    var free = Boolean(clock.dataset.free);
    var warns = limit !== null && !over && limit - used <= Number(clock.dataset.warning);
    clock.querySelector("[data-clock-text]").textContent = limit === null ? text(used) : over ? "+" + text(used - limit) : text(limit - used);
    clock.querySelector("[data-clock-note]").textContent = over ? (free ? "超出时限，不扣分" : "已超时") : warns ? "时间将到" : "";
    clock.classList.toggle("arena-over", over && !free);
    clock.classList.toggle("arena-warns", warns);
    var place = document.querySelector("[data-charge]");
    if (place) charge(place, over ? used - limit : 0);
  }
  function all() { document.querySelectorAll("[data-clock]").forEach(draw); }
  all();
  setInterval(all, 200);
})();
