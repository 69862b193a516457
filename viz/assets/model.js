// What the page knows (nodes, edges, looks), what is chosen, and which part of it the filters let through.

const data = JSON.parse(document.getElementById("data").textContent);
const nodes = new Map(data.nodes.map((node) => [node.id, node]));
const edges = new Map(data.edges.map((edge) => [edge.id, edge]));
const byIri = new Map([...edges.values(), ...nodes.values()].map((item) => [item.iri, item]));
const looks = {
  kinds: new Map(data.looks.kinds.map((kind) => [kind.key, kind])),
  groups: new Map(data.looks.groups.map((group) => [group.key, group])),
  standings: new Map(data.looks.realis.map((line) => [line.key, line])),
};

data.sizes = data.size_by ? `Larger marks have more ${data.size_by}.` : "Larger marks have more connections.";

const state = {
  off: { kinds: new Set(), groups: new Set(), relations: new Set(), standings: new Set() },
  years: null, // [from, to], or null for any time
  undated: true,
  selected: null,
  hovered: null,
  view: "network",
};

for (const node of nodes.values()) {
  node.edges = [];
  node.name = node.name.trim() || "(no name)";
}
for (const edge of edges.values()) {
  edge.source = nodes.get(edge.from);
  edge.target = nodes.get(edge.to);
  edge.source.edges.push(edge);
  if (edge.target !== edge.source) edge.target.edges.push(edge);
  edge.directed = edge.arrows === "to";
  edge.firstYear = year(edge.start);
  edge.lastYear = year(edge.end);
  edge.dated = edge.firstYear !== null || edge.lastYear !== null;
}
const yearsWritten = [...edges.values()].flatMap((edge) => [edge.firstYear, edge.lastYear]).filter((y) => y !== null);
const yearSpan = yearsWritten.length
  ? [yearsWritten.reduce((a, b) => Math.min(a, b)), yearsWritten.reduce((a, b) => Math.max(a, b))]
  : null;

const shown = { nodes: new Set(nodes.values()), edges: new Set(edges.values()) };

function isNode(item) {
  return nodes.get(item.id) === item;
}

// The year of a date as written: "2022", "2021-11", "2023-02-28"; null where nothing is written.
function year(written) {
  const match = /^[+-]?\d{4,}/.exec(written || "");
  return match ? Number(match[0]) : null;
}

// A date that is known only in part counts with all the days it may mean, and an open end stays open.
function edgePasses(edge) {
  if (state.off.relations.has(edge.kind) || state.off.standings.has(edge.realis)) return false;
  if (!edge.dated) return state.undated;
  if (!state.years) return true;
  const [from, to] = state.years;
  // A tie that is reckoned from many meetings is there in the years of these, and not in those between.
  const periods = edge.years && edge.years.length ? edge.years : [[edge.firstYear, edge.lastYear]];
  return periods.some(([first, last]) => (first ?? -Infinity) <= to && (last ?? Infinity) >= from);
}

// An entity leaves with its kind, or when the other filters take the last of the facts that tie it to what is shown.
function applyFilters() {
  const kindShown = (node) => !state.off.kinds.has(node.kind) && !state.off.groups.has(node.group);
  shown.edges = new Set();
  const tied = new Set();
  const kept = new Set();
  for (const edge of edges.values()) {
    if (!kindShown(edge.source) || !kindShown(edge.target)) continue;
    tied.add(edge.source).add(edge.target);
    if (!edgePasses(edge)) continue;
    shown.edges.add(edge);
    kept.add(edge.source).add(edge.target);
  }
  shown.nodes = new Set([...nodes.values()].filter((node) => kindShown(node) && (kept.has(node) || !tied.has(node))));
}

function isFiltered() {
  const { kinds, groups, relations, standings } = state.off;
  return kinds.size + groups.size + relations.size + standings.size > 0 || state.years !== null || !state.undated;
}

function otherEnd(edge, node) {
  return edge.source === node ? edge.target : edge.source;
}

function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

// Letters without their marks, in small, so that "Cavusoglu" finds "Çavuşoğlu" and "elcin" finds "Elçin".
const UNMARKED = { ə: "e", ı: "i", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe" };
function folded(text) {
  const small = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\p{M}/gu, "");
  return small.replace(/[əıøłđðþßæœ]/g, (letter) => UNMARKED[letter]).replace(/[\s\p{P}]+/gu, " ").trim();
}

// An element with attributes, listeners (onclick) and children; strings become text and are never read as HTML.
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

// The mark of a kind as the canvas draws it; its colour follows the theme.
function mark(kind) {
  const look = looks.kinds.get(kind);
  const path = (theme) => svg("path", { d: look.path, fill: look[theme], class: `only-${theme}`, "fill-rule": "nonzero" });
  return svg("svg", { viewBox: "-1.25 -1.25 2.5 2.5", class: "mark", "aria-hidden": "true" }, path("light"), path("dark"));
}

// The colour of an entity: that of its group where the page colours by groups, else that of its kind.
function lookOf(node) {
  return looks.groups.get(node.group) || looks.kinds.get(node.kind);
}

function swatch(group) {
  const dot = (theme) => svg("circle", { r: 1, fill: looks.groups.get(group)[theme], class: `only-${theme}` });
  return svg("svg", { viewBox: "-1.25 -1.25 2.5 2.5", class: "mark", "aria-hidden": "true" }, dot("light"), dot("dark"));
}

function line(standing) {
  const dashes = looks.standings.get(standing).dashes.join(" ");
  return svg("svg", { viewBox: "0 0 30 8", class: "line", "aria-hidden": "true" },
    svg("line", { x1: 1, y1: 4, x2: 29, y2: 4, "stroke-dasharray": dashes || "none" }));
}
