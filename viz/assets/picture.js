// What the canvas shows, as a file: the part that is seen, with its names, heading and legend, and nothing else.

const HEAD = 62;

function startSaving() {
  document.getElementById("save-svg").addEventListener("click", () => {
    saveSvg(pictureAsSvg().text);
    announce("Saved as SVG.");
  });
  document.getElementById("save-png").addEventListener("click", () => {
    const { text, width, height } = pictureAsSvg();
    savePng(text, width, height).then(() => announce("Saved as PNG."), (error) => announce(error.message));
  });
}

function pictureAsSvg() {
  const canvas = document.getElementById("canvas");
  // Without room of its own, as beside an open table, the canvas has no view to save.
  const [width, height] = [canvas.clientWidth || 1200, canvas.clientHeight || 800];
  const scale = network.getScale();
  const at = (point) => {
    const { x, y } = network.canvasToDOM(point);
    return { x, y: y + HEAD };
  };
  const legend = legendEntries();
  const columns = Math.max(1, Math.floor(width / 190));
  const foot = Math.ceil(legend.length / columns) * 20 + 18;
  const frame = svg("svg", { x: 0, y: 0, width, height: height + HEAD, overflow: "hidden" });
  for (const edge of shown.edges) drawEdge(frame, edge, at, scale);
  for (const node of shown.nodes) drawMark(frame, node, at(network.getPosition(node.id)), Math.max(node.size * scale, 5));
  for (const each of written) writeCaption(frame, each);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: height + HEAD + foot,
    viewBox: `0 0 ${width} ${height + HEAD + foot}`, "font-family": ink.font });
  const text = (x, y, size, fill, words, more = {}) => svg("text", { x, y, "font-size": size, fill, ...more }, words);
  whole.append(svg("rect", { width: "100%", height: "100%", fill: ink.paper }), frame,
    svg("rect", { width: "100%", height: HEAD, fill: ink.paper }),
    text(16, 28, 18, ink.text, data.title, { "font-weight": 600 }), text(16, 48, 12, ink.muted, told()));
  legend.forEach(({ label, path, fill }, number) => {
    const [x, y] = [16 + (number % columns) * 190, HEAD + height + 18 + Math.floor(number / columns) * 20];
    whole.append(svg("path", { d: path, fill, transform: `translate(${x + 6} ${y - 4}) scale(6)` }), text(x + 20, y, 12, ink.text, label));
  });
  return { text: new XMLSerializer().serializeToString(whole), width, height: height + HEAD + foot };
}

function told() {
  const years = state.years ? `${state.years[0]} to ${state.years[1]}` : "";
  return [data.subtitle, isFiltered() ? document.getElementById("shown").textContent : "", years].filter(Boolean).join("; ");
}

function legendEntries() {
  const cut = (words) => (words.length > 26 ? `${words.slice(0, 25)}…` : words);
  const here = (key, value) => [...shown.nodes].some((node) => node[key] === value);
  const groups = [...looks.groups.values()].filter((group) => here("group", group.key))
    .map((group) => ({ label: cut(group.label), path: "M-.9 0A.9 .9 0 1 1 .9 0A.9 .9 0 1 1 -.9 0Z", fill: group[theme()] }));
  const kinds = [...looks.kinds.values()].filter((kind) => here("kind", kind.key))
    .map((kind) => ({ label: cut(kind.label), path: kind.path, fill: groups.length ? ink.muted : kind[theme()] }));
  return [...groups, ...kinds];
}

function drawEdge(frame, edge, at, scale) {
  const parts = edge.source === edge.target ? [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]
    : edge.smooth ? [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1] : [0, 1];
  const points = pointsAlong(edge, parts).map(at);
  if (!points.length) return;
  const { color, width } = stroke(edge, focusGroup());
  const path = points.map(({ x, y }, number) => `${number ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  frame.append(svg("path", { d: path, fill: "none", stroke: color.color, "stroke-opacity": color.opacity,
    "stroke-width": (width * scale).toFixed(2), "stroke-dasharray": edge.dashes ? edge.dashes.map((dash) => (dash * scale).toFixed(1)).join(" ") : "none" }));
}

function drawMark(frame, node, { x, y }, size) {
  const group = focusGroup();
  frame.append(svg("path", { d: looks.kinds.get(node.kind).path, fill: lookOf(node)[theme()], stroke: ink.paper, "paint-order": "stroke",
    "stroke-width": (3.4 / size).toFixed(3), opacity: group && !group.has(node) ? 0.22 : 1,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size.toFixed(2)})` }));
}

function writeCaption(frame, { rows, place, bold, type, color, left, right, top, bottom }) {
  const x = { center: (left + right) / 2, left: left + 2, right: right - 2 }[place.align];
  const anchor = { center: "middle", left: "start", right: "end" }[place.align];
  rows.forEach((row, number) => {
    const y = (top + bottom) / 2 + HEAD + (number - (rows.length - 1) / 2) * type.leading;
    frame.append(svg("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": type.size, "text-anchor": anchor, "dominant-baseline": "central",
      fill: ink[color], stroke: ink.paper, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke", "font-weight": bold ? 600 : 400 }, row));
  });
}
