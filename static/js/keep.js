// Keeps what is typed into a form and not yet sent: no browser keeps its page, so Back would open it
// empty. For this tab and this person; forgotten once it is saved (page.js), thrown away or signed
// out. The form says autocomplete="off", or some browsers would put back what was already saved.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keep]");
  var said = document.querySelector("[data-kept]");
  try { if (!form || !said || !window.sessionStorage) return; } catch (error) { return; }
  var key = "typed:" + window.location.pathname + window.location.search;

  function each(act) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.type !== "file" && field.name !== "csrfmiddlewaretoken") act(field);
    });
  }
  function ticked(field) { return field.type === "checkbox" || field.type === "radio"; }
  function nameOf(field) { return ticked(field) ? field.name + "=" + field.value : field.name; }
  function keep(sent) {
    var kept = { person: form.dataset.keep, sent: sent, fields: {}, file: false };
    each(function (field) { kept.fields[nameOf(field)] = ticked(field) ? field.checked : field.value; });
    form.querySelectorAll("input[type=file]").forEach(function (field) { kept.file = kept.file || field.files.length > 0; });
    // A full or forbidden storage leaves the form as it is without this file.
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch (error) { return; }
  }
  function put(kept) {
    var differs = kept.file;
    each(function (field) {
      var value = kept.fields[nameOf(field)];
      var property = ticked(field) ? "checked" : "value";
      if (value === undefined || value === field[property]) return;
      field[property] = value;
      if (field.type !== "hidden") differs = true;
    });
    said.hidden = !differs;
    said.querySelector("[data-kept-file]").hidden = !kept.file;
  }

  var kept = JSON.parse(sessionStorage.getItem(key) || "null");
  // The answer to a form that was sent says itself what was typed.
  if (form.hasAttribute("data-keep-sent")) keep(false);
  else if (kept && kept.person === form.dataset.keep) put(kept);
  else sessionStorage.removeItem(key);

  form.addEventListener("input", function () { keep(false); });
  form.addEventListener("change", function () { keep(false); });
  form.addEventListener("submit", function () { keep(true); });
  said.querySelector("[data-kept-drop]").addEventListener("click", function () {
    sessionStorage.removeItem(key);
    window.location.replace(window.location.href);
  });
})();
