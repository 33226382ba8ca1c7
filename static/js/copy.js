// Adds a button to every [data-copy]; without this file the text can still be selected by hand.
(function () {
  "use strict";
  function copyFrom(area) {
    area.focus();
    area.select();
    // The clipboard interface exists on HTTPS only; a hall or an intranet often has none.
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(area.value);
    }
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  document.querySelectorAll("[data-copy]").forEach(function (box) {
    var area = box.querySelector("textarea");
    var button = box.querySelector("[data-copy-button]");
    var said = box.querySelector("[data-copy-said]");
    if (!area || !button) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      copyFrom(area).then(
        function () { said.textContent = "已复制，可以粘贴。"; },
        function () { said.textContent = "浏览器不允许自动复制，文字已选中，请按 Ctrl+C。"; }
      );
    });
  });
})();
