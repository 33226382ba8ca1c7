// Keeps what is typed into a form and not yet sent: no browser keeps its page, so Back would open it
// empty. For this tab and this person; forgotten once it is saved (page.js), thrown away or signed
// out. The form says autocomplete="off", or some browsers would put back what was already saved.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keep]");
  var said = document.querySelector("[data-kept]");
  try { if (!form || !said || !window.sessionStorage) return; } catch (error) { return; }
  var key = "typed:" + window.location.pathname + window.location.search;
  // An operation number stands for one content. What was sent, perhaps saved and never answered goes
  // out again under its own number as long as nothing is changed (`last`), anything else under one
  // that was never sent: the page's own may have been, in a page that shows a refused form again.
  var op = form.elements.op;
  var fresh = number();
  var last = null;

  function number() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  }
  function each(act) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.type !== "file" && field.name !== "csrfmiddlewaretoken" && field !== op) act(field);
    });
  }
  function ticked(field) { return field.type === "checkbox" || field.type === "radio"; }
  function nameOf(field) { return ticked(field) ? field.name + "=" + field.value : field.name; }
  function typed() {
    var now = { person: form.dataset.keep, fields: {}, file: "" };
    each(function (field) { now.fields[nameOf(field)] = ticked(field) ? field.checked : field.value; });
    form.querySelectorAll("input[type=file]").forEach(function (field) {
      Array.prototype.forEach.call(field.files, function (file) { now.file += [file.name, file.size, file.lastModified].join("/") + "\n"; });
    });
    return now;
  }
  // An empty field counts as none: another one may be offered by the time that the page is back.
  function contentOf(fields) {
    return JSON.stringify(fields, function (name, value) { return value === "" || value === false ? undefined : value; });
  }
  // A file that was sent cannot be put back: none chosen is no change.
  function renumber(now) {
    var same = last && contentOf(now.fields) === last.content && (!now.file || now.file === last.file);
    if (op) op.value = same ? last.op : fresh;
  }
  function keep(sent) {
    var kept = typed();
    renumber(kept);
    if (sent) {
      last = { op: op && op.value, content: contentOf(kept.fields), file: kept.file };
      fresh = number();
    }
    kept.sent = sent;
    kept.last = last;
    // A full or forbidden storage leaves the form as it is without this file.
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch (error) { return; }
  }
  function put(kept) {
    var differs = Boolean(kept.file);
    last = kept.last;
    each(function (field) {
      var value = kept.fields[nameOf(field)];
      var property = ticked(field) ? "checked" : "value";
      if (value === undefined || value === field[property]) return;
      field[property] = value;
      if (field.type !== "hidden") differs = true;
    });
    said.hidden = !differs;
    said.querySelector("[data-kept-file]").hidden = !kept.file;
    said.querySelector("[data-kept-unsent]").hidden = Boolean(last);
    said.querySelector("[data-kept-sent]").hidden = !last;
  }

  var kept = JSON.parse(sessionStorage.getItem(key) || "null");
  // The answer to a form that was sent says itself what was typed.
  if (form.hasAttribute("data-keep-sent")) keep(false);
  else if (kept && kept.person === form.dataset.keep) put(kept);
  else sessionStorage.removeItem(key);
  renumber(typed());

  form.addEventListener("input", function () { keep(false); });
  form.addEventListener("change", function () { keep(false); });
  // A second click sends nothing (page.js).
  form.addEventListener("submit", function () { if (!form.dataset.sent) keep(true); });
  said.querySelector("[data-kept-drop]").addEventListener("click", function () {
    sessionStorage.removeItem(key);
    window.location.replace(window.location.href);
  });
})();
