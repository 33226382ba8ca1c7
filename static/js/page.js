// Small conveniences; every page works without this file.
(function () {
  "use strict";
  // A form that was sent is not sent again by a second click.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  // What keep.js keeps of a form has arrived when its sending leads to a page that says so: any other
  // page may follow an answer that was lost. Nobody finds what another person left behind: not after
  // signing out, nor where a session merely ran out.
  function forget(done) {
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (/^typed:/.test(key) && done(key, JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
      });
    } catch (error) { return; /* A browser that forbids storage keeps nothing. */ }
  }
  var person = document.body.dataset.person;
  var saved = document.querySelector(".messages .notice-success") && document.referrer;
  forget(function (key, kept) {
    return (person && kept.person !== person) || (kept.sent && saved === window.location.origin + key.replace("typed:", ""));
  });
  document.querySelectorAll("form[data-forget]").forEach(function (form) {
    form.addEventListener("submit", function () { forget(function () { return true; }); });
  });
  // A menu closes on Escape and on a click outside it.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  // Folded explanations are printed open, for browsers whose print style cannot do it.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (part) {
      if (part.closest(".print-short")) return;
      part.open = true;
      part.dataset.printOpened = "1";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-print-opened]").forEach(function (part) {
      part.open = false;
      delete part.dataset.printOpened;
    });
    document.querySelectorAll(".print-all").forEach(function (part) { part.classList.replace("print-all", "print-short"); });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (button.dataset.print === "all") {
        document.querySelectorAll(".print-short").forEach(function (part) { part.classList.replace("print-short", "print-all"); });
      }
      window.print();
    });
  });
  // In a long list of steps the current one is in sight.
  var here = document.querySelector(".work-side [aria-current]");
  var side = here && here.closest(".work-side");
  if (side && side.scrollHeight > side.clientHeight) {
    side.scrollTop = here.getBoundingClientRect().top - side.getBoundingClientRect().top - side.clientHeight / 2;
  }
  // The list of errors is where the reader starts.
  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
