// Shows what a search finds while it is typed; without this file its button does the same.
(function () {
  "use strict";
  document.querySelectorAll("form[data-suggest]").forEach(function (form) {
    var field = form.querySelector("input[name=q]");
    var place = document.getElementById(form.dataset.suggestInto);
    if (!field || !place || !window.fetch) return;
    var waiting = 0;
    var asked = 0;
    function ask() {
      var number = ++asked;
      fetch(form.dataset.suggest + "?q=" + encodeURIComponent(field.value), { credentials: "same-origin" })
        .then(function (answer) { return answer.text().then(function (text) { return answer.ok && !answer.redirected ? text : null; }); })
        .then(function (text) { if (text !== null && number === asked) place.innerHTML = text; })
        .catch(function () { /* The button still searches. */ });
    }
    field.addEventListener("input", function (event) {
      if (event.isComposing) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, 200);
    });
    field.addEventListener("compositionend", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 200);
    });
  });
})();
