// The names on the canvas: which are written, and where, so that they cover neither each other nor the controls.

const CAPTION = { size: 12.5, leading: 14.5 };
const EDGE_CAPTION = { size: 11, leading: 13 };
const widths = new Map();

// Boxes by the squares of the plane that they touch, so that each is compared only with those nearby.
class Boxes {
  constructor(boxes = []) {
    this.squares = new Map();
    for (const each of boxes) this.add(each);
  }
  *touched({ left, right, top, bottom }) {
    for (let x = Math.floor(left / 80); x <= Math.floor(right / 80); x += 1) {
      for (let y = Math.floor(top / 80); y <= Math.floor(bottom / 80); y += 1) yield x * 100003 + y;
    }
  }
  add(each) {
    for (const square of this.touched(each)) {
      if (!this.squares.has(square)) this.squares.set(square, []);
      this.squares.get(square).push(each);
    }
  }
  meeting(own) {
    const found = new Set();
    for (const square of this.touched(own)) {
      for (const other of this.squares.get(square) || []) {
        if (own.left < other.right && own.right > other.left && own.top < other.bottom && own.bottom > other.top) found.add(other);
      }
    }
    return [...found];
  }
}
let written = []; // the captions as last drawn, with their boxes in pixels of the canvas

// Captions keep their size at every zoom. The chosen and the most connected are placed first, around their own mark;
// one that would cover another waits until zooming in makes room. Around a choice, only what touches it is named.
function drawCaptions(ctx) {
  const canvas = document.getElementById("canvas");
  const scale = network.getScale();
  const group = focusGroup();
  const pointed = (node) => node === state.selected || node === state.hovered;
  const all = [...shown.nodes].filter((node) => !group || group.has(node) || pointed(node))
    .map((node) => ({ node, at: network.getPosition(node.id), radius: Math.max(node.size * scale, 5) }));
  const roomy = (canvas.clientWidth * canvas.clientHeight) / 60000; // how many captions may cover a mark
  const view = viewOnCanvas(scale);
  const taken = { marks: new Boxes(), captions: new Boxes(controlsOnCanvas(view)), view };
  written = [];
  // What lies outside the view needs no name there.
  const named = all.filter(({ at, radius }) => at.x * scale + radius > view.left && at.x * scale - radius < view.right
    && at.y * scale + radius > view.top && at.y * scale - radius < view.bottom);
  for (const { node, at, radius } of named) taken.marks.add({ owner: node, ...around(at.x * scale, at.y * scale, radius * 0.9) });
  // Around a choice, captions keep clear of its lines as well, where they can.
  for (const edge of group ? [...group].filter((item) => !isNode(item)).slice(0, 40) : []) {
    for (const { x, y } of pointsAlong(edge, [0.12, 0.24, 0.36, 0.5, 0.64, 0.76, 0.88])) taken.marks.add({ owner: null, ...around(x * scale, y * scale, 5) });
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
    take(taken, box(place, width, height), { rows, place, bold, type: CAPTION, color: "text" });
  });
  drawEdgeCaptions(ctx, scale, group, taken);
  ctx.restore();
}

// Keeps what was written where, for what is written next and for whoever exports the picture.
function take({ captions, view }, own, what) {
  captions.add(own);
  written.push({ ...what, left: own.left - view.left, right: own.right - view.left, top: own.top - view.top, bottom: own.bottom - view.top });
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
  if (!named.length) return;
  ctx.globalAlpha = 1;
  const { captions, view } = taken;
  const marks = new Boxes();
  for (const squares of taken.marks.squares.values()) for (const each of squares) if (each.owner) marks.add(each);
  for (const edge of named) {
    const rows = edge.label.split("\n");
    const { width, height } = extent(ctx, rows, EDGE_CAPTION, false, scale);
    const must = edge === state.hovered || edge === state.selected;
    const spots = pointsAlong(edge, edge.source === edge.target ? [0.5] : [0.5, 0.4, 0.6, 0.3, 0.7])
      .map(({ x, y }) => ({ align: "center", x: x * scale, y: y * scale }));
    if (!spots.length) continue;
    const place = spots.find((each) => isFree(each, width, height, { marks, captions, view }, null)) || (must ? spots[0] : null);
    if (!place) continue;
    const own = box(place, width, height);
    ctx.fillStyle = ink.paper;
    ctx.fillRect(own.left / scale, own.top / scale, width / scale, height / scale);
    write(ctx, rows, place, EDGE_CAPTION, { scale, bold: must, color: must ? ink.accent : ink.muted });
    take(taken, own, { rows, place, bold: must, type: EDGE_CAPTION, color: must ? "accent" : "muted" });
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

// What lies over the canvas, in the same coordinates: a caption below it could not be read.
function controlsOnCanvas(view) {
  const origin = document.getElementById("canvas").getBoundingClientRect();
  return [...document.querySelectorAll("#view-network .zoom, #view-network .shown")].map((each) => each.getBoundingClientRect())
    .filter(({ width }) => width)
    .map(({ left, right, top, bottom }) => ({
      left: view.left + left - origin.left, right: view.left + right - origin.left,
      top: view.top + top - origin.top, bottom: view.top + bottom - origin.top,
    }));
}

function isFree(place, width, height, taken, owner) {
  return marksCovered(place, width, height, taken, owner) === 0;
}

// How many marks a caption would cover; infinitely many where it would cover another caption or leave the view.
function marksCovered(place, width, height, { marks, captions, view }, owner) {
  const own = box(place, width, height);
  const inside = own.left >= view.left && own.right <= view.right && own.top >= view.top && own.bottom <= view.bottom;
  if (!inside || captions.meeting(own).length) return Infinity;
  return marks.meeting(own).filter((each) => each.owner !== owner).length;
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
