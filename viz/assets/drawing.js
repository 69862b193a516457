// The canvas: marks and lines. vis-network keeps places, zoom and pointer; nothing here makes HTML.

let network = null;
let visEdges = null;
let visNodes = null;
let ink = {};
let moved = false;
const paths = new Map();

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
  return { color: { color, opacity, inherit: false }, width: (hovered || edge === state.selected ? 3 : near ? 1.8 : 1.2) * edge.strength };
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
  const look = lookOf(node);
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
