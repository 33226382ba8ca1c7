// The audience's ballot: follows the stage, asks once more before it is sent, and sends it, under one
// operation number, until the server has answered. What was cast is kept on the phone, so that a
// reload neither loses nor doubles it.
(function () {
  "use strict";
  var form = document.getElementById("ballot");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  var said = document.getElementById("ballot-said");
  var choices = document.getElementById("ballot-choices");
  var confirm = document.getElementById("ballot-confirm");
  var button = document.getElementById("ballot-send");
  var PREFIX = "leitai-hall:" + form.dataset.seat + ":";
  var PATIENCE = 8000;
  var memory = {};
  var busy = false;
  var asked = false;

  function uuid() {
    var bytes = new Uint8Array(16);
    if (window.crypto && window.crypto.getRandomValues) window.crypto.getRandomValues(bytes);
    else for (var i = 0; i < 16; i += 1) bytes[i] = Math.floor(Math.random() * 256);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  }
  function read(turn) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + turn)) || memory[turn] || null;
    } catch (unreadable) {
      return memory[turn] || null;
    }
  }
  function keep(turn, ballot) {
    memory[turn] = ballot;
    try { localStorage.setItem(PREFIX + turn, JSON.stringify(ballot)); } catch (full) { return; }
  }
  function waiting() {
    var turns = Object.keys(memory);
    try {
      for (var i = 0; i < localStorage.length; i += 1) {
        var key = localStorage.key(i);
        if (key.indexOf(PREFIX) === 0) turns.push(key.slice(PREFIX.length));
      }
    } catch (refused) { /* what this page remembers is all there is */ }
    return turns.filter(function (turn) { return read(turn) && !read(turn).words; });
  }
  function stage() { return document.getElementById("slot-stage"); }

  // What the phone shows
  function show() {
    var turn = stage().dataset.turn;
    var mine = turn ? read(turn) : null;
    // A ballot that came late does not count: when the turn is opened once more, the seat may vote.
    if (mine && mine.late && stage().dataset.face === "marking") mine = null;
    var late = form.dataset.late === turn && stage().dataset.face !== "marking";
    var voted = turn && (form.dataset.voted === turn || late);
    if (form.elements.entry.value !== turn) {
      form.elements.entry.value = turn;
      choose(false);
      Array.prototype.forEach.call(form.elements.choice.length ? form.elements.choice : [form.elements.choice], function (input) { input.checked = false; });
    }
    form.hidden = stage().dataset.face !== "marking" || Boolean(mine) || Boolean(voted);
    if (mine) say(mine.words || "正在投出，请不要关闭本页……");
    else if (!voted) say("");
  }
  function say(words) {
    if (said.textContent !== words) said.textContent = words;
  }
  function choose(picked) {
    asked = Boolean(picked);
    choices.hidden = asked;
    confirm.hidden = !asked;
    button.textContent = asked ? "确认投票" : "投票";
    // A second touch of a hasty finger does not confirm what nobody has read.
    button.disabled = asked;
    if (asked) setTimeout(function () { button.disabled = false; }, 600);
    if (asked) document.getElementById("ballot-question").textContent = "您选的是“" + picked + "”，确认投给「" + stage().querySelector("h1").textContent + "」？";
  }

  // Sending
  function send() {
    var turn = waiting()[0];
    if (busy || !turn) return;
    busy = true;
    var mine = read(turn);
    var controller = window.AbortController ? new AbortController() : null;
    var stop = controller ? setTimeout(function () { controller.abort(); }, PATIENCE) : 0;
    var body = new URLSearchParams();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("op", mine.op);
    body.set("entry", turn);
    body.set("choice", mine.choice);
    fetch(window.location.pathname, {
      method: "POST",
      body: body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: controller ? controller.signal : undefined
    }).then(function (answer) {
      var json = (answer.headers.get("Content-Type") || "").indexOf("json") >= 0;
      // An answer that nobody reads keeps its connection, and a browser has six.
      if (!json || answer.status >= 500) answer.text().catch(function () { return ""; });
      if (answer.status === 403 && !json) return { state: "stale" };
      if (answer.status >= 500 || !json) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (answer) {
      clearTimeout(stop);
      busy = false;
      if (answer.state === "stale") return say("还没有投出去：页面已经失效，请刷新本页，会自动重新投出。");
      // A refused ballot is not cast: the voter may choose again.
      if (answer.state === "refused") forget(turn);
      else keep(turn, { op: mine.op, choice: mine.choice, words: answer.words, late: answer.state === "late" });
      show();
      if (answer.state === "refused") say(answer.words);
      send();
    }).catch(function () {
      clearTimeout(stop);
      busy = false;
      if (stage().dataset.turn === turn) say("还没有投出去，正在重试，请不要关闭本页……");
      // Spread, so that a hall of phones does not ask in one instant.
      setTimeout(send, 1000 + 2000 * Math.random());
    });
  }
  function forget(turn) {
    delete memory[turn];
    try { localStorage.removeItem(PREFIX + turn); } catch (refused) { return; }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var picked = form.querySelector("input[name=choice]:checked");
    if (!picked) return;
    if (!asked) return choose(picked.parentNode.textContent.trim());
    keep(form.elements.entry.value, { op: uuid(), choice: picked.value });
    choose(false);
    show();
    send();
  });
  document.getElementById("ballot-change").addEventListener("click", function () { choose(false); });
  document.addEventListener("leitai:feed", show);
  window.addEventListener("online", send);
  show();
  send();
})();
