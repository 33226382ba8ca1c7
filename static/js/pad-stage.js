// A judge's pages during a live event: who is on stage now, as the feed tells it.
(function () {
  "use strict";
  var place = document.querySelector("[data-stage-own]");
  var own = place ? place.dataset.stageOwn : "";
  var early = document.querySelector("[data-stage-early]");
  var late = document.querySelector("[data-stage-late]");
  var form = document.getElementById("pad");
  var known = null;
  var shown = null;
  // Whether the sheet on this page has been received: nothing of it can come late any more.
  function sent() {
    var draft = form && window.LeitaiPad && window.LeitaiPad.read(form.dataset.key);
    return Boolean(draft) && draft.state === "sent";
  }
  function show(states, closed) {
    var slot = document.getElementById("slot-stage");
    var open = slot ? slot.dataset.stageOpen : "";
    known = closed || known;
    var link = slot && slot.querySelector("[data-stage-link]");
    // Nobody is asked to go where he is.
    if (link) link.hidden = Boolean(own) && link.dataset.stageLink === own;
    if (early && known) {
      late.hidden = known.indexOf(own) < 0 || sent();
      early.hidden = open === own || known.indexOf(own) >= 0 || sent();
    } else if (early && sent()) late.hidden = early.hidden = true;
    // Who has handed in is led to the next one: the way there stands at the top of the page.
    if (shown !== null && open && open !== shown && open !== own && sent()) window.scrollTo(0, 0);
    shown = open;
    document.querySelectorAll("[data-stage-key]").forEach(function (row) {
      row.classList.toggle("pad-open", row.dataset.stageKey === open);
      var word = row.querySelector("[data-stage-word]");
      if (word && states && states[row.dataset.stageKey]) word.textContent = states[row.dataset.stageKey];
    });
  }
  document.addEventListener("leitai:feed", function (event) { var data = event.detail.data; show(data.states, data.closed); });
  document.addEventListener("pad:draft", function () { show(null, null); });
  show(null, null);
})();
