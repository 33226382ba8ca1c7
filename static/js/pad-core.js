// What every page of a judge shares: exact numbers, and the drafts kept on this device.
// For the browsers built into chat programs (docs/operations.md, "Browsers"); nothing here needs HTTPS.
window.LeitaiPad = (function () {
  "use strict";
  var shared = document.getElementById("pad-shared");
  var prefix = shared.dataset.store;
  var WRITTEN = /^(-?)(\d{1,6})(?:\.(\d{0,6}))?$/;
  var memory = {};
  var durable = true;

  // Full-width digits and signs are read as plain ones.
  function tidy(text) {
    return String(text).replace(/[\uff0d\uff0e\uff10-\uff19]/g, function (letter) {
      return String.fromCharCode(letter.charCodeAt(0) - 0xfee0);
    }).replace(/\u3002/g, ".").trim();
  }
  function places(text) {
    var found = WRITTEN.exec(tidy(text));
    return found && found[3] ? found[3].replace(/0+$/, "").length : 0;
  }
  // A mark as a whole number of 10^-scale; null when it is no number or finer than the scale.
  function units(text, scale) {
    var found = WRITTEN.exec(tidy(text));
    if (!found) return null;
    var part = (found[3] || "").replace(/0+$/, "");
    if (part.length > scale) return null;
    while (part.length < scale) part += "0";
    var whole = Number(found[2] + part);
    return found[1] ? -whole : whole;
  }
  // The number back as text, with at least `least` decimals.
  function show(whole, scale, least) {
    var text = String(Math.abs(whole));
    while (text.length <= scale) text = "0" + text;
    var cut = text.length - scale;
    var part = text.slice(cut);
    while (part.length > least && part.charAt(part.length - 1) === "0") part = part.slice(0, -1);
    while (part.length < least) part += "0";
    return (whole < 0 ? "-" : "") + text.slice(0, cut) + (part ? "." + part : "");
  }
  function uuid() {
    var bytes = new Uint8Array(16);
    if (window.crypto && window.crypto.getRandomValues) window.crypto.getRandomValues(bytes);
    else for (var i = 0; i < 16; i += 1) bytes[i] = Math.floor(Math.random() * 256);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var text = Array.prototype.map.call(bytes, function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  // Drafts. Each write names the version it was made from, so that two pages cannot overwrite
  // each other without knowing.
  function read(key) {
    try {
      var text = window.localStorage.getItem(prefix + key);
      return text ? JSON.parse(text) : memory[key] || null;
    } catch (error) {
      return memory[key] || null;
    }
  }
  function write(key, draft) {
    var kept = Object.assign({}, draft, { v: 1, parent: draft.gen || "", gen: uuid(), at: Date.now() });
    memory[key] = kept;
    try {
      window.localStorage.setItem(prefix + key, JSON.stringify(kept));
    } catch (error) {
      durable = false;
    }
    tell(key, kept);
    return kept;
  }
  function drop(key) {
    delete memory[key];
    try { window.localStorage.removeItem(prefix + key); } catch (error) { durable = false; }
    tell(key, null);
  }
  function keys() {
    var found = Object.keys(memory);
    try {
      for (var i = 0; i < window.localStorage.length; i += 1) {
        var name = window.localStorage.key(i);
        if (name.indexOf(prefix) === 0 && found.indexOf(name.slice(prefix.length)) < 0) found.push(name.slice(prefix.length));
      }
    } catch (error) { durable = false; }
    return found;
  }
  function waiting() {
    return keys().filter(function (key) {
      var draft = read(key);
      return draft && draft.state === "pending";
    });
  }
  function tell(key, draft) {
    document.dispatchEvent(new CustomEvent("pad:draft", { detail: { key: key, draft: draft } }));
  }
  window.addEventListener("storage", function (event) {
    if (!event.key || event.key.indexOf(prefix) !== 0) return;
    var key = event.key.slice(prefix.length);
    var draft = event.newValue ? JSON.parse(event.newValue) : null;
    if (draft) memory[key] = draft; else delete memory[key];
    document.dispatchEvent(new CustomEvent("pad:elsewhere", { detail: { key: key, draft: draft } }));
    tell(key, draft);
  });

  // Field names are m.ENTRY.SITE.CRITERION; the server wants them as a tree.
  function tree(marks) {
    var sheets = {};
    Object.keys(marks).forEach(function (name) {
      var part = name.split(".");
      var sites = sheets[part[1]] || (sheets[part[1]] = {});
      var line = sites[part[2]] || (sites[part[2]] = {});
      line[part[3]] = tidy(marks[name]);
    });
    return sheets;
  }
  function same(one, other) {
    var names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every(function (name) {
      return units(one[name], 6) === units(other[name], 6) && !one[name] === !other[name];
    });
  }
  function clock(moment) {
    var time = new Date(moment);
    return time.getHours() + ":" + ("0" + time.getMinutes()).slice(-2);
  }
  // Text enlarged by the chat program or the phone: what sticks above and below must leave room to
  // mark. Only another width is followed: a keyboard that opens moves nothing.
  var width = 0;
  function fit() {
    width = window.innerWidth;
    var root = document.documentElement;
    root.classList.remove("pad-tight");
    var top = document.querySelector(".pad-top").offsetHeight;
    var bar = document.querySelector(".pad-bar");
    var room = window.screen.height;
    root.classList.toggle("pad-tight", top > room / 6 || top + (bar ? bar.offsetHeight : 0) > room * 0.4);
  }
  window.addEventListener("load", fit);
  window.addEventListener("resize", function () { if (window.innerWidth !== width) fit(); });

  // Elements without markup: everything a person typed is set as text.
  function make(tag, text, kind) {
    var element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
  return {
    shared: shared, tidy: tidy, places: places, units: units, show: show, uuid: uuid, read: read, write: write,
    drop: drop, keys: keys, waiting: waiting, tree: tree, same: same, clock: clock, make: make,
    isDurable: function () { return durable; }
  };
})();
