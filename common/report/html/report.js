
/* Sorts the tables of the HTML report by a click on a column's head. Without it they stay as they
   are: dearest first. */
(function () {
  "use strict";

  var heard = document.createElement("p");
  heard.className = "heard";
  heard.setAttribute("role", "status");
  document.body.appendChild(heard);

  function valueOf(cell) {
    var data = cell.querySelector("data");
    return data ? Number(data.value) : cell.textContent.trim();
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  }

  function sort(table, column, down) {
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, index) {
      return { row: row, index: index, value: valueOf(row.cells[column]) };
    });
    rows.sort(function (a, b) {
      return (down ? compare(b.value, a.value) : compare(a.value, b.value)) || a.index - b.index;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
  }

  function choose(table, heads, column) {
    var head = heads[column];
    var before = head.getAttribute("aria-sort");
    var down = before ? before === "ascending" : head.classList.contains("n");
    heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    sort(table, column, down);
    heard.textContent = document.body.dataset.sorted.replace("{0}", head.textContent);
  }

  document.querySelectorAll("table.sort").forEach(function (table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () { choose(table, heads, column); });
    });
  });
})();
