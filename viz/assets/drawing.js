// The canvas: marks, lines and captions. vis-network keeps places, zoom and pointer; nothing here makes HTML.

const CAPTION = { size: 12.5, leading: 14.5 };
const EDGE_CAPTION = { size: 11, leading: 13 };
let network = null;
let visEdges = null;
let visNodes = null;
let ink = {};
let moved = false;
const paths = new Map();
const widths = new Map();

function startDrawing() {
  for (const look of looks.kinds.values()) paths.set(look.key, new Path2D(look.path));
  visNodes = new vis.DataSet([...nodes.values()].map((node) => (
    { id: node.id, x: node.x, y: node.y, size: node.size, shape: "custom", ctxRenderer: nodeMark }
  )));
  visEdges = new vis.DataSet([...edges.values()].map((edge) => ({
    id: edge.id, from: edge.from, to: edge.to, arrows: edge.arrows, dashes: edge.dashes,
    smooth: edge.smooth, selfReference: edge.selfReference,
  })));
  const canvas = document.getElementById("canvas");
  network = new vis.Network(canvas, { nodes: visNodes, edges: visEdges }, data.options);
  const frame = canvas.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label",
    "Drawing of the network. Arrow keys move it, + and - zoom. The table view holds the same content as text.");
  network.on("afterDrawing", drawCaptions);
  network.on("click", (event) => {
    if (event.nodes.length) select(nodes.get(event.nodes[0]));
    else if (event.edges.length) select(edges.get(event.edges[0]));
    else select(null);
  });
  network.on("hoverNode", (event) => hover(nodes.get(event.node)));
  network.on("hoverEdge", (event) => hover(edges.get(event.edge)));
  network.on("blurNode", () => hover(null));
  network.on("blurEdge", () => hover(null));
  network.on("dragEnd", () => { moved = true; });
  network.on("zoom", () => { moved = true; });
  new ResizeObserver(() => { if (!moved) fitView(false); }).observe(canvas);
  readInk();
  paint();
  fitView(false);
}

// Colours come from the style sheet, so that the canvas follows the theme.
function readInk() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  ink = { text: of("ink"), muted: of("muted"), paper: of("paper"), edge: of("edge"), accent: of("accent"), font: of("font") };
}

function theme() {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

// What is chosen and all that touches it; null when nothing is chosen.
function focusGroup() {
  const chosen = state.selected;
  if (!chosen) return null;
  const group = new Set([chosen]);
  if (isNode(chosen)) {
    for (const edge of chosen.edges) if (shown.edges.has(edge)) group.add(edge).add(otherEnd(edge, chosen));
  } else group.add(chosen.source).add(chosen.target);
  return group;
}

function paint() {
  if (!network) return;
  const group = focusGroup();
  visNodes.update([...nodes.values()].map((node) => ({ id: node.id, hidden: !shown.nodes.has(node) })));
  visEdges.update([...edges.values()].map((edge) => ({ id: edge.id, hidden: !shown.edges.has(edge), ...stroke(edge, group) })));
  network.redraw();
}

function stroke(edge, group) {
  const near = group && group.has(edge);
  const hovered = state.hovered === edge;
  const color = hovered || edge === state.selected ? ink.accent : near ? ink.muted : ink.edge;
  const opacity = group && !near && !hovered ? 0.16 : 1;
  return { color: { color, opacity, inherit: false }, width: hovered || edge === state.selected ? 3 : near ? 1.8 : 1.2 };
}

function hover(item) {
  const before = state.hovered;
  state.hovered = item;
  network.canvas.body.container.classList.toggle("pointing", item !== null);
  const group = focusGroup();
  for (const each of [before, item]) if (each && !isNode(each)) visEdges.update({ id: each.id, ...stroke(each, group) });
  network.redraw();
}

function nodeMark({ ctx, id, x, y }) {
  const node = nodes.get(id);
  const look = looks.kinds.get(node.kind);
  const group = focusGroup();
  const size = Math.max(node.size, 5 / network.getScale());
  const drawNode = () => {
    ctx.save();
    ctx.globalAlpha = group && !group.has(node) && node !== state.hovered ? 0.22 : 1;
    ctx.translate(x, y);
    if (node === state.selected || node === state.hovered) {
      ctx.beginPath();
      ctx.arc(0, 0, size * 1.2 + 4, 0, 2 * Math.PI);
      ctx.fillStyle = ink.paper;
      ctx.fill();
      ctx.lineWidth = 2.2;
      ctx.strokeStyle = node === state.selected ? ink.text : ink.muted;
      ctx.stroke();
    }
    ctx.scale(size, size);
    ctx.lineJoin = "round";
    ctx.lineWidth = 3.4 / size;
    ctx.strokeStyle = ink.paper;
    ctx.stroke(paths.get(node.kind));
    ctx.fillStyle = look[theme()];
    ctx.fill(paths.get(node.kind));
    ctx.restore();
  };
  return { drawNode, nodeDimensions: { width: 2 * size, height: 2 * size } };
}

// Captions keep their size at every zoom. The chosen and the most connected are placed first, around their own mark;
// one that would cover another waits until zooming in makes room. Around a choice, only what touches it is named.
function drawCaptions(ctx) {
  const canvas = document.getElementById("canvas");
  const scale = network.getScale();
  const group = focusGroup();
  const pointed = (node) => node === state.selected || node === state.hovered;
  const named = [...shown.nodes].filter((node) => !group || group.has(node) || pointed(node))
    .map((node) => ({ node, at: network.getPosition(node.id), radius: Math.max(node.size * scale, 5) }));
  const roomy = (canvas.clientWidth * canvas.clientHeight) / 60000; // how many captions may cover a mark
  const taken = { marks: [], captions: [], view: viewOnCanvas(scale) };
  for (const { node, at, radius } of named) taken.marks.push({ owner: node, ...around(at.x * scale, at.y * scale, radius * 0.9) });
  // Around a choice, captions keep clear of its lines as well, where they can.
  for (const edge of group ? [...group].filter((item) => !isNode(item)).slice(0, 40) : []) {
    for (const { x, y } of pointsAlong(edge, [0.12, 0.24, 0.36, 0.5, 0.64, 0.76, 0.88])) taken.marks.push({ owner: null, ...around(x * scale, y * scale, 5) });
  }
  const weight = ({ node }) => (pointed(node) ? 1e6 : 0) + node.edges.length;
  named.sort((a, b) => weight(b) - weight(a) || a.node.name.length - b.node.name.length);
  ctx.save();
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  named.forEach(({ node, at, radius }, order) => {
    const rows = node.label.split("\n");
    const bold = node === state.selected;
    const { width, height } = extent(ctx, rows, CAPTION, bold, scale);
    const ring = pointed(node) ? radius * 0.2 + 5 * scale : 0;
    const places = placesAround(at.x * scale, at.y * scale, radius + ring + 3, height);
    const important = group !== null || order < roomy;
    const place = places.find((each) => isFree(each, width, height, taken, node))
      || (important && leastCovering(places, width, height, taken, node))
      || (pointed(node) && places[0]);
    if (!place) return;
    write(ctx, rows, place, CAPTION, { scale, bold, color: ink.text });
    taken.captions.push(box(place, width, height));
  });
  drawEdgeCaptions(ctx, scale, group, taken);
  ctx.restore();
}

function placesAround(x, y, reach, height) {
  const aside = reach * 0.75;
  const down = aside + height / 2;
  return [
    { align: "center", x, y: y + reach + height / 2 }, { align: "left", x: x + reach + 2, y },
    { align: "right", x: x - reach - 2, y }, { align: "center", x, y: y - reach - height / 2 },
    { align: "left", x: x + aside, y: y + down }, { align: "right", x: x - aside, y: y + down },
    { align: "left", x: x + aside, y: y - down }, { align: "right", x: x - aside, y: y - down },
  ];
}

// Lines are named when there are few of them, when one is pointed at or chosen, and around a chosen entity.
function drawEdgeCaptions(ctx, scale, group, taken) {
  const named = [...shown.edges].filter((edge) => edge === state.hovered || edge === state.selected
    || (group ? group.has(edge) : shown.edges.size <= 30));
  named.sort((a, b) => Number(b === state.hovered || b === state.selected) - Number(a === state.hovered || a === state.selected));
  ctx.globalAlpha = 1;
  const { captions, view } = taken;
  for (const edge of named) {
    const rows = edge.label.split("\n");
    const { width, height } = extent(ctx, rows, EDGE_CAPTION, false, scale);
    const must = edge === state.hovered || edge === state.selected;
    const spots = pointsAlong(edge, edge.source === edge.target ? [0.5] : [0.5, 0.4, 0.6, 0.3, 0.7])
      .map(({ x, y }) => ({ align: "center", x: x * scale, y: y * scale }));
    if (!spots.length) continue;
    const marks = taken.marks.filter((each) => each.owner);
    const place = spots.find((each) => isFree(each, width, height, { marks, captions, view }, null)) || (must ? spots[0] : null);
    if (!place) continue;
    const own = box(place, width, height);
    ctx.fillStyle = ink.paper;
    ctx.fillRect(own.left / scale, own.top / scale, width / scale, height / scale);
    write(ctx, rows, place, EDGE_CAPTION, { scale, bold: must, color: must ? ink.accent : ink.muted });
    taken.captions.push(own);
  }
}

// Where a line runs, in the network's own coordinates; nothing for one that is not drawn.
function pointsAlong(edge, parts) {
  const drawn = network.body.edges[edge.id];
  return drawn && drawn.connected && drawn.edgeType.getPoint ? parts.map((part) => drawn.edgeType.getPoint(part)) : [];
}

function font(type, bold, scale) {
  return `${bold ? "600 " : ""}${type.size / scale}px ${ink.font}`;
}

function extent(ctx, rows, type, bold, scale) {
  const key = `${type.size}${bold}${rows.join("\n")}`;
  if (!widths.has(key)) {
    ctx.font = font(type, bold, 1);
    widths.set(key, Math.max(...rows.map((row) => ctx.measureText(row).width)));
  }
  return { width: widths.get(key) + 4, height: rows.length * type.leading };
}

function box(place, width, height) {
  const left = place.align === "center" ? place.x - width / 2 : place.align === "left" ? place.x : place.x - width;
  return { left, right: left + width, top: place.y - height / 2, bottom: place.y + height / 2 };
}

function around(x, y, reach) {
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
}

// The visible part of the canvas, in the same screen pixels around the network's origin as the boxes of captions.
function viewOnCanvas(scale) {
  const canvas = document.getElementById("canvas");
  const low = network.DOMtoCanvas({ x: 0, y: 0 });
  return { left: low.x * scale, top: low.y * scale, right: low.x * scale + canvas.clientWidth, bottom: low.y * scale + canvas.clientHeight };
}

function isFree(place, width, height, taken, owner) {
  return marksCovered(place, width, height, taken, owner) === 0;
}

// How many marks a caption would cover; infinitely many where it would cover another caption or leave the view.
function marksCovered(place, width, height, { marks, captions, view }, owner) {
  const own = box(place, width, height);
  const meets = (other) => own.left < other.right && own.right > other.left && own.top < other.bottom && own.bottom > other.top;
  const inside = own.left >= view.left && own.right <= view.right && own.top >= view.top && own.bottom <= view.bottom;
  if (!inside || captions.some(meets)) return Infinity;
  return marks.filter((each) => each.owner !== owner && meets(each)).length;
}

function leastCovering(places, width, height, taken, owner) {
  const [least] = places.map((place) => ({ place, covered: marksCovered(place, width, height, taken, owner) }))
    .sort((a, b) => a.covered - b.covered);
  return least.covered < Infinity ? least.place : null;
}

function write(ctx, rows, place, type, { scale, bold, color }) {
  ctx.font = font(type, bold, scale);
  ctx.textAlign = place.align;
  ctx.lineWidth = 4 / scale;
  ctx.strokeStyle = ink.paper;
  ctx.fillStyle = color;
  rows.forEach((row, number) => {
    const y = (place.y + (number - (rows.length - 1) / 2) * type.leading) / scale;
    ctx.strokeText(row, place.x / scale, y);
    ctx.fillText(row, place.x / scale, y);
  });
}

function motion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 320, easingFunction: "easeInOutQuad" };
}

function fitView(animate = true) {
  const canvas = document.getElementById("canvas");
  if (!network || !canvas.clientWidth || !shown.nodes.size) return;
  const at = [...shown.nodes].map((node) => network.getPosition(node.id));
  const span = (axis) => {
    const values = at.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, length: high - low };
  };
  const [across, down] = [span("x"), span("y")];
  const room = (size, margin, length) => (size - Math.min(margin, size * 0.28)) / Math.max(length, 1);
  const scale = Math.min(room(canvas.clientWidth, 150, across.length), room(canvas.clientHeight, 130, down.length), 1.5);
  // The buttons at the foot take some of the height, so the middle lies a little higher.
  const position = { x: across.middle, y: down.middle + 14 / scale };
  network.moveTo({ position, scale, animation: animate ? motion() : false });
  moved = false;
}

function zoomBy(factor) {
  moved = true;
  network.moveTo({ scale: Math.min(4, Math.max(0.08, network.getScale() * factor)), animation: motion() });
}

// Brings what is chosen into the middle, close enough to be read.
function bringIntoView(item) {
  if (!network || !document.getElementById("canvas").clientWidth) return;
  const ends = isNode(item) ? [item] : [item.source, item.target];
  const at = ends.map((node) => network.getPosition(node.id));
  const position = { x: (at[0].x + at[at.length - 1].x) / 2, y: (at[0].y + at[at.length - 1].y) / 2 };
  moved = true;
  network.moveTo({ position, scale: Math.max(network.getScale(), 0.8), animation: motion() });
}
