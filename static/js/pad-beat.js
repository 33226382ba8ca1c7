// Tells the server that this judge's page is there, and how many sheets wait on this device.
(function () {
  "use strict";
  var pad = window.LeitaiPad;
  var address = pad.shared.dataset.beat;
  var EVERY = 15000;
  var timer = 0;
  var told = -1;
  if (!address || !window.fetch) return;
  function beat() {
    clearTimeout(timer);
    timer = setTimeout(beat, EVERY * (0.9 + 0.2 * Math.random()));
    if (document.hidden) return;
    var unsent = pad.waiting().length;
    fetch(address, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": pad.cookie("csrftoken") },
      body: JSON.stringify({ unsent: unsent })
    }).then(function (answer) {
      if (answer.ok) told = unsent;
      if (answer.type === "opaqueredirect") signedOut();
      return answer.text();
    }).catch(function () { told = -1; });
  }
  function signedOut() {
    if (document.getElementById("pad-out")) return;
    var box = pad.make("p", "这台设备的登录已经失效（可能已改用另一台设备）。填好的还在本机，没有丢。", "notice notice-warning");
    box.id = "pad-out";
    box.setAttribute("role", "alert");
    var link = pad.make("a", "看原因，重新登录", "btn btn-primary");
    link.href = pad.shared.dataset.signin + "?next=" + encodeURIComponent(window.location.pathname);
    box.appendChild(link);
    var main = document.getElementById("main");
    main.insertBefore(box, main.firstChild);
  }
  // A sheet that begins to wait, or has been received, is told at once; several in one moment once.
  document.addEventListener("pad:draft", function () {
    if (pad.waiting().length === told) return;
    clearTimeout(timer);
    timer = setTimeout(beat, 300);
  });
  window.addEventListener("online", beat);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) beat(); });
  beat();
})();
