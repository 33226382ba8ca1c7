// A grid of plain inputs becomes a spreadsheet: arrow keys, Enter, and pasting a block of cells.
// Without this file the inputs work as they are.
(function () {
  "use strict";
  var grid = document.querySelector("[data-grid]");
  if (!grid) return;
  var said = document.querySelector("[data-grid-said]");
  var form = grid.closest("form");
  var dirty = false;

  // The first column names the row; what follows the numbers (a state) is not filled in.
  var columns = grid.tHead.querySelectorAll("th.num").length;
  var rows = Array.prototype.map.call(grid.tBodies[0].rows, function (row) {
    var cells = Array.prototype.slice.call(row.cells, 1, 1 + columns).map(function (cell) {
      return cell.querySelector("input.grid-cell");
    });
    var head = row.querySelector("[data-grid-name]");
    return {
      name: head ? head.dataset.gridName : "",
      person: (head && head.dataset.gridPerson) || "",
      further: row.hasAttribute("data-grid-further"),
      cells: cells
    };
  });

  function placeOf(input) {
    for (var r = 0; r < rows.length; r += 1) {
      var c = rows[r].cells.indexOf(input);
      if (c >= 0) return { r: r, c: c };
    }
    return null;
  }

  function go(r, c, dr, dc) {
    while (r >= 0 && r < rows.length && c >= 0 && c < rows[r].cells.length) {
      var input = rows[r].cells[c];
      if (input) { input.focus(); input.select(); return true; }
      r += dr; c += dc;
    }
    return false;
  }

  grid.addEventListener("keydown", function (event) {
    var place = event.target.matches("input.grid-cell") && placeOf(event.target);
    if (!place || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    var input = event.target;
    var atStart = input.selectionStart === 0 && input.selectionEnd === 0;
    var atEnd = input.selectionStart === input.value.length;
    var whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    var moved = false;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      moved = go(place.r + 1, place.c, 1, 0) || event.key === "Enter";
    } else if (event.key === "ArrowUp" || event.key === "Enter") {
      moved = go(place.r - 1, place.c, -1, 0) || event.key === "Enter";
    } else if (event.key === "ArrowLeft" && (atStart || whole)) {
      moved = go(place.r, place.c - 1, 0, -1);
    } else if (event.key === "ArrowRight" && (atEnd || whole)) {
      moved = go(place.r, place.c + 1, 0, 1);
    }
    if (moved) event.preventDefault();
  });

  // Spreadsheets quote a cell that holds a line break or a quote.
  function parse(text) {
    var table = [[]], cell = "", quoted = false, start = true;
    text = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (var i = 0; i < text.length; i += 1) {
      var char = text[i];
      if (quoted) {
        if (char === '"' && text[i + 1] === '"') { cell += '"'; i += 1; }
        else if (char === '"') quoted = false;
        else cell += char;
      } else if (char === '"' && start) { quoted = true; start = false; }
      else if (char === "\t") { table[table.length - 1].push(cell.trim()); cell = ""; start = true; }
      else if (char === "\n") {
        table[table.length - 1].push(cell.trim()); table.push([]); cell = ""; start = true;
      } else { cell += char; start = false; }
    }
    table[table.length - 1].push(cell.trim());
    return table;
  }

  function bare(text) { return text.normalize("NFKC").replace(/\s+/g, ""); }

  // A row of two persons' unit is called by the person too: 姓名, 姓名（单位）, 单位姓名.
  function names(row) {
    var unit = bare(row.name), person = bare(row.person);
    return person ? [unit, person, person + bare("（" + row.name + "）"), unit + person] : [unit];
  }

  // The row of that name; -1 if there is none, -2 if several rows have it.
  function findRow(name) {
    name = bare(name);
    if (name.length < 2) return -1;
    var exact = [], begins = [];
    rows.forEach(function (row, r) {
      if (names(row).indexOf(name) >= 0) exact.push(r);
      else if (bare(row.name).indexOf(name) === 0) begins.push(r);
    });
    if (exact.length) return exact.length === 1 ? exact[0] : -2;
    if (begins.length > 1 && begins.every(function (r) { return rows[r].name === rows[begins[0]].name; })) return -2;
    return begins.length === 1 ? begins[0] : -1;
  }

  // A block whose first column holds the names of the rows is put beside those names.
  function byName(table) {
    if (table.length < 1 || table[0].length < 2) return null;
    var found = table.map(function (line) { return findRow(line[0]); });
    var known = found.filter(function (r) { return r >= 0; });
    var unique = known.filter(function (r, i) { return known.indexOf(r) === i; });
    var named = found.filter(function (r) { return r !== -1; }).length;
    return named && unique.length === known.length && named * 2 > table.length ? found : null;
  }

  // A block without names, one row a unit, would slip by a row below a unit with two secretaries.
  function slips(table, place) {
    return table.some(function (line, i) {
      var row = rows[place.r + i];
      return row && row.further && line.some(function (text, j) {
        return text && place.c + j < columns && !row.cells[place.c + j];
      });
    });
  }

  // The units whose second row a block without names reaches.
  function crossed(table, place) {
    return rows.slice(place.r, place.r + table.length).filter(function (row, i) {
      return row.further && (i > 0 || table.length > 1);
    }).map(function (row) { return row.name; });
  }

  function fill(table, place) {
    var before = [], lost = 0, unknown = [], several = [];
    var names = byName(table);
    if (!names && slips(table, place)) {
      tell("没有填入。表格里有的单位有两位书记，各占一行，粘贴的内容与各行对不上。请照这里的行排好再复制，或在第一列写上单位或书记姓名。", []);
      return;
    }
    var doubled = names ? [] : crossed(table, place);
    table.forEach(function (line, i) {
      var r = names ? names[i] : place.r + i;
      var cells = names ? line.slice(1) : line;
      if (names && r < 0) {
        if (line[0]) (r === -2 ? several : unknown).push(line[0]);
        return;
      }
      cells.forEach(function (text, j) {
        var input = rows[r] && rows[r].cells[place.c + j];
        if (!input) { if (text) lost += 1; return; }
        if (input.value === text) return;
        before.push([input, input.value]);
        input.value = text;
        input.classList.add("is-pasted");
      });
    });
    if (before.length) dirty = true;
    var words = "已填入 " + before.length + " 格，还没有保存。";
    if (names) words = "已按名称对应，" + words;
    if (lost) words += "有 " + lost + " 格超出表格，没有填入。";
    if (unknown.length) words += "没有对上的行：" + unknown.slice(0, 5).join("、") + "，没有填入。";
    if (several.length) words += several.slice(0, 5).join("、") + "不止一行，没有填入，请在第一列写书记姓名。";
    if (doubled.length) words += doubled.join("、") + "有两位书记，各占一行，请核对各行的姓名。";
    tell(words, before);
  }

  function tell(words, before) {
    said.textContent = words;
    said.hidden = false;
    if (!before.length) return;
    var undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn-quiet btn-sm";
    undo.textContent = "撤销粘贴";
    undo.addEventListener("click", function () {
      before.reverse().forEach(function (pair) {
        pair[0].value = pair[1];
        pair[0].classList.remove("is-pasted");
      });
      said.textContent = "已撤销粘贴。";
    });
    said.appendChild(undo);
  }

  grid.addEventListener("paste", function (event) {
    var place = event.target.matches("input.grid-cell") && placeOf(event.target);
    var text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!place || !text || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    fill(parse(text), place);
  });

  grid.addEventListener("input", function () { dirty = true; });
  form.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });
})();
