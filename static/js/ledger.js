// Shows how much of an item's caps an entrant has used, and fills in the item's points.
(function () {
  "use strict";
  var source = document.getElementById("ledger-help");
  var form = document.querySelector("[data-ledger-form]");
  var said = document.querySelector("[data-ledger-usage]");
  if (!source || !form || !said) return;
  var help = JSON.parse(source.textContent);
  // Not form.elements.item: that is a method of every collection.
  var entry = form.querySelector("[name=entry]");
  var item = form.querySelector("[name=item]");
  var points = form.querySelector("[name=points]");
  var offered = "";

  function show() {
    var own = (help[entry.value] || {})[item.value];
    said.hidden = !own;
    said.textContent = own ? own.text : "";
    return own;
  }

  function change() {
    var own = show();
    if (!own) return;
    if (points.value === "" || points.value === offered) {
      offered = own.points;
      points.value = own.points;
    }
  }

  entry.addEventListener("change", change);
  item.addEventListener("change", change);
  // What stands there as offered follows another item; what somebody wrote herself does not.
  var own = show();
  if (own && points.value === own.points) offered = own.points;
})();
