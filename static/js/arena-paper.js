// Typing in a sheet of paper: Enter goes on to the next mark, range and step are told at once, and
// the sum stands below to be compared with the paper. Without this file the form works as it is.
(function () {
  "use strict";
  var form = document.querySelector("[data-paper]");
  if (!form) return;
  var marks = Array.prototype.slice.call(form.querySelectorAll("input.paper-mark"));

  function plain(input) {
    return input.value.normalize("NFKC").replace(/。/g, ".").trim();
  }
  // Whole numbers of a millionth: never a float.
  function exact(text) {
    var found = /^(-?)(\d{1,6})(?:\.(\d{0,6}))?$/.exec(text);
    if (!found) return null;
    var whole = Number(found[2]) * 1000000 + Number(((found[3] || "") + "000000").slice(0, 6));
    return found[1] ? -whole : whole;
  }
  function show(whole) {
    var part = String(Math.abs(whole) % 1000000 + 1000000).slice(1).replace(/0+$/, "");
    while (part.length < 2) part += "0";
    return (whole < 0 ? "-" : "") + Math.floor(Math.abs(whole) / 1000000) + "." + part;
  }
  function fault(input) {
    var text = plain(input);
    if (!text) return "";
    var value = exact(text);
    if (value === null) return "请填写数字。";
    var low = exact(input.dataset.low), high = exact(input.dataset.high), step = exact(input.dataset.step);
    if (value < low || value > high) return "应在 " + input.dataset.low + " 到 " + input.dataset.high + " 之间。";
    return step && (value - low) % step ? "应以 " + input.dataset.step + " 为间隔。" : "";
  }
  function tell(input) {
    var words = fault(input);
    var place = document.getElementById(input.id + "_error");
    if (place) place.textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  function total(input) {
    var line = input.closest("fieldset");
    var sum = 0, whole = true;
    line.querySelectorAll("input.paper-mark").forEach(function (one) {
      var value = exact(plain(one));
      if (value === null) whole = false;
      else sum += value;
    });
    line.querySelector("[data-paper-total]").textContent = whole ? show(sum) : "—";
  }
  form.addEventListener("input", function (event) {
    if (marks.indexOf(event.target) < 0) return;
    if (event.target.hasAttribute("aria-invalid")) tell(event.target);
    total(event.target);
  });
  form.addEventListener("focusout", function (event) {
    if (marks.indexOf(event.target) >= 0) tell(event.target);
  });
  form.addEventListener("keydown", function (event) {
    var place = marks.indexOf(event.target);
    if (place < 0 || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    var to = 0;
    if (event.key === "Enter") to = event.shiftKey ? -1 : 1;
    else if (event.key === "ArrowDown") to = 1;
    else if (event.key === "ArrowUp") to = -1;
    else return;
    event.preventDefault();
    var next = marks[place + to];
    // After the last mark the button: one more Enter saves, once the sum has been looked at.
    if (next) { next.focus(); next.select(); }
    else if (to > 0) form.querySelector("button[type=submit]").focus();
  });
  marks.forEach(total);
  if (marks.length) { marks[0].focus(); marks[0].select(); }
})();
