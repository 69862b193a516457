// The same content as tables, for the keyboard, for screen readers, and for whoever prefers rows.

const sorting = { connections: { column: null, up: true }, entities: { column: null, up: true } };

const CONNECTION_COLUMNS = [
  { name: "From", key: (edge) => folded(edge.source.name), cell: (edge) => nodeButton(edge.source), rowHeader: true },
  { name: "Relation", key: (edge) => folded(edge.name), cell: (edge) => edgeButton(edge) },
  { name: "To", key: (edge) => folded(edge.target.name), cell: (edge) => nodeButton(edge.target) },
  { name: "Dates", key: (edge) => edge.start || edge.end || "\uffff", cell: (edge) => clamped(edge.fact.dates) },
  { name: "Standing", key: (edge) => edge.realis, cell: (edge) => (edge.realis === "held" ? "held" : standing(edge)) },
  { name: "Sources", key: (edge) => folded(edge.fact.sources.map(sourceTitle).join(" ")), cell: (edge) => edge.fact.sources.map(sourceCell) },
];

const ENTITY_COLUMNS = [
  { name: "Name", key: (node) => folded(node.name), cell: (node) => nodeButton(node), rowHeader: true },
  { name: "Kind", key: (node) => folded(node.kind_label), cell: (node) => node.kind_label },
  { name: "Also known as", key: (node) => folded((node.aliases || []).join("; ")), cell: (node) => clamped((node.aliases || []).join("; ")) },
  { name: "Facts", key: (node) => -(node.facts || []).length, cell: (node) => clamped((node.facts || []).map(factLine).join("; ")) },
  { name: "Connections", key: (node) => -shownConnections(node), cell: (node) => String(shownConnections(node)) },
];

function shownConnections(node) {
  return node.edges.filter((edge) => shown.edges.has(edge)).length;
}

function sourceTitle(source) {
  return [source.document, source.published].filter(Boolean).join(", ");
}

function sourceCell(source) {
  return el("div", { class: "source-cell" }, clamped(sourceTitle(source)), " ", el("span", { class: `badge ${source.level}` }, source.level));
}

function factLine(fact) {
  return [fact.text, fact.dates].filter(Boolean).join(", ");
}

function clamped(text) {
  return el("div", { class: "clamped", dir: "auto" }, text);
}

function edgeButton(edge) {
  return el("button", { type: "button", class: "entity", onclick: () => goTo(edge) }, el("span", { dir: "auto" }, edge.name));
}

function startTables() {
  const view = document.getElementById("view-table");
  view.addEventListener("scroll", tellMoreColumns);
  new ResizeObserver(tellMoreColumns).observe(view);
}

// A shadow at the edge says that there are columns beyond it.
function tellMoreColumns() {
  const view = document.getElementById("view-table");
  const hint = document.getElementById("more-columns");
  hint.hidden = view.hidden || view.scrollWidth - view.clientWidth - Math.abs(view.scrollLeft) < 2;
}

function fillTables() {
  const view = document.getElementById("view-table");
  const focus = document.activeElement && document.activeElement.dataset.sort;
  view.replaceChildren(
    table("connections", "Connections", [...shown.edges], CONNECTION_COLUMNS),
    table("entities", "Entities", [...shown.nodes], ENTITY_COLUMNS));
  tellMoreColumns();
  if (focus) view.querySelector(`[data-sort="${CSS.escape(focus)}"]`).focus();
}

function table(name, title, items, columns) {
  const { column, up } = sorting[name];
  const rows = column === null ? items : [...items].sort((a, b) => {
    const [x, y] = [columns[column].key(a), columns[column].key(b)];
    return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
  });
  const header = columns.map(({ name: label }, number) => {
    const order = column === number ? (up ? "ascending" : "descending") : "none";
    const sort = () => {
      sorting[name] = { column: number, up: column === number ? !up : true };
      fillTables();
    };
    return el("th", { scope: "col", "aria-sort": order }, el("button", { type: "button", "data-sort": `${name}-${number}`, onclick: sort },
      label, el("span", { class: "order", "aria-hidden": "true" }, order === "none" ? "" : up ? " ↑" : " ↓")));
  });
  return el("table", { id: `table-${name}` },
    el("caption", {}, `${title} (${items.length})`),
    el("thead", {}, el("tr", {}, header)),
    el("tbody", {}, rows.map((item) => el("tr", {}, columns.map(({ name: label, cell, rowHeader }) =>
      el(rowHeader ? "th" : "td", { scope: rowHeader ? "row" : null, dir: "auto", "data-column": label }, cell(item)))))));
}
