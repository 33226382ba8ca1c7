// A page that follows the live feed fetches itself and takes over its parts marked data-follow.
//
// What may be seen is asked anew each time, of the page's own gate; forms beside stay as they are.
(function () {
  "use strict";
  var timer = 0;
  var asking = false;
  var again = false;
  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    document.querySelectorAll("[data-follow]").forEach(function (part) {
      var fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    });
  }
  function load() {
    if (asking) { again = true; return; }
    asking = true;
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      return answer.text().then(function (html) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        take(html);
      });
    }).catch(function () { later(3000); }).then(function () {
      asking = false;
      if (again) { again = false; later(400); }
    });
  }
  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(load, pause);
  }
  // Thirty judges may hand in within a second: one load for all of them.
  document.addEventListener("leitai:feed", function (event) {
    // Nothing of judges' devices or of the large screen's picture is shown here.
    if (["judges", "covered"].indexOf(event.detail.kind) < 0) later(400);
  });
})();
