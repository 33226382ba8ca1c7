// A joint review on one pad: one entrant at a time on a phone, all side by side on a wide screen.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var form = document.getElementById("pad");
  var pages = Array.prototype.slice.call(form.querySelectorAll("[data-page]"));
  var order = pages.map(function (page) { return page.dataset.page; }).filter(function (name, place, all) { return all.indexOf(name) === place; });
  var current = "all";

  function state(name) {
    var left = 0;
    var texts = [];
    var title = "";
    form.querySelectorAll('.pad-line[data-entry="' + name + '"]').forEach(function (line) {
      title = line.dataset.title;
      texts.push(line.querySelector("[data-line-total]").textContent);
      line.querySelectorAll("input[data-high]").forEach(function (input) {
        if (!pad.tidy(input.value) || input.getAttribute("aria-invalid")) left += 1;
      });
    });
    return { left: left, text: texts.join(" / "), own: texts.length > 0, name: title };
  }
  function count() {
    var done = 0;
    var owed = 0;
    form.querySelectorAll("[data-sum-of]").forEach(function (item) {
      var found = state(item.dataset.sumOf);
      if (!found.own) return;
      owed += 1;
      if (!found.left) done += 1;
      item.querySelector("[data-sum]").textContent = found.text;
      item.querySelector("[data-left]").textContent = found.left ? "还差 " + found.left + " 项" : "已打完";
      var link = form.querySelector('.pad-progress [data-goto="' + item.dataset.sumOf + '"]');
      link.classList.toggle("pad-full", !found.left);
    });
    var wide = window.matchMedia("(min-width: 992px)").matches;
    var one = current !== "all" && !wide && state(current);
    document.getElementById("pad-total-name").textContent = one ? one.name : "已打完";
    document.getElementById("pad-total").textContent = one ? one.text : done + " / " + owed;
    document.getElementById("pad-total").nextElementSibling.textContent = one ? "分" : "个";
  }
  function go(name, focus) {
    current = order.indexOf(name) < 0 ? "all" : name;
    pages.forEach(function (page) { page.classList.toggle("tour-off", page.dataset.page !== current); });
    form.querySelectorAll("[data-goto]").forEach(function (link) {
      if (link.closest(".pad-progress")) {
        if (link.dataset.goto === current) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
      }
    });
    count();
    if (!focus) return;
    window.scrollTo(0, 0);
    var target = pages.find(function (page) { return page.dataset.page === current; });
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  }
  form.addEventListener("click", function (event) {
    var link = event.target.closest("[data-goto]");
    if (!link) return;
    event.preventDefault();
    // “Back” leads from an entrant to all of them: without a signal, leaving would lose the page.
    var way = current === "all" && link.dataset.goto !== "all" ? "pushState" : "replaceState";
    window.history[way](null, "", "#" + link.dataset.goto);
    go(link.dataset.goto, true);
  });
  window.addEventListener("popstate", function () { go(window.location.hash.slice(1), true); });
  // Another order is another page: without a signal the judge would lose this one.
  form.querySelector(".pad-order").addEventListener("click", function (event) {
    if (!event.target.closest("a") || navigator.onLine) return;
    event.preventDefault();
    form.querySelector("[data-no-signal]").hidden = false;
  });
  document.addEventListener("pad:show", function (event) { go(event.detail.dataset.page, false); });
  document.addEventListener("pad:count", count);
  window.addEventListener("resize", count);
  form.querySelectorAll(".tour-line").forEach(function (line) {
    var next = order[order.indexOf(line.dataset.page) + 1] || "all";
    var last = line.nextElementSibling && line.nextElementSibling.dataset.page === line.dataset.page;
    if (last) return;
    var link = pad.make("a", next === "all" ? "看各单位对比" : "下一个单位", "btn btn-quiet tour-next");
    link.href = "#" + next;
    link.dataset.goto = next;
    line.appendChild(link);
  });
  form.classList.add("tour-on");
  go(window.location.hash.slice(1), false);
})();
