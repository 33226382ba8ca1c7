// A judge's phone that waits for approval: asks what became of it, and goes in when it may.
(function () {
  "use strict";
  var place = document.querySelector("[data-card-state]");
  var form = document.getElementById("card-enter");
  if (form && form.hasAttribute("data-now")) { form.submit(); return; }
  if (!place || !window.fetch) return;
  function again() { setTimeout(ask, document.hidden ? 5000 : 1500); }
  function ask() {
    fetch(place.dataset.cardState, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!answer.ok) throw new Error(String(answer.status));
        return JSON.parse(text);
      });
    }).then(function (body) {
      if (body.state === "bound") {
        place.textContent = "已批准，正在进入……";
        form.submit();
      } else if (body.state === "waiting") {
        place.textContent = "等待工作人员核对……";
        again();
      } else window.location.reload();
    }).catch(function () {
      place.textContent = "连不上服务器，正在重试……";
      again();
    });
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
  again();
})();
