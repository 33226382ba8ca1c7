// A judge's pages during a live event: who is on stage now, as the feed tells it.
(function () {
  "use strict";
  var place = document.querySelector("[data-stage-own]");
  var own = place ? place.dataset.stageOwn : "";
  var early = document.querySelector("[data-stage-early]");
  var late = document.querySelector("[data-stage-late]");
  function show(states, closed) {
    var slot = document.getElementById("slot-stage");
    var open = slot ? slot.dataset.stageOpen : "";
    var link = slot && slot.querySelector("[data-stage-link]");
    // Nobody is asked to go where he is.
    if (link) link.hidden = Boolean(own) && link.dataset.stageLink === own;
    if (early && closed) {
      late.hidden = closed.indexOf(own) < 0;
      early.hidden = open === own || !late.hidden;
    }
    document.querySelectorAll("[data-stage-key]").forEach(function (row) {
      row.classList.toggle("pad-open", row.dataset.stageKey === open);
      var word = row.querySelector("[data-stage-word]");
      if (word && states && states[row.dataset.stageKey]) word.textContent = states[row.dataset.stageKey];
    });
  }
  document.addEventListener("leitai:feed", function (event) { var data = event.detail.data; show(data.states, data.closed); });
  show(null, null);
})();
