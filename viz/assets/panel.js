// The details: an overview, one entity with its facts and connections, or one fact with its ends; each with its sources.

const LEVELS = {
  stated: "said in so many words",
  resolved: "understood from the context",
  inferred: "concluded, not said",
};

function fillPanel() {
  const panel = document.getElementById("panel");
  const item = state.selected;
  panel.replaceChildren(...(!item ? overview() : isNode(item) ? entity(item) : connection(item)));
  panel.scrollTop = 0;
}

function heading(...content) {
  return el("h2", { id: "panel-heading", tabindex: "-1", dir: "auto" }, ...content);
}

function overview() {
  const documents = new Set();
  const facts = [...[...edges.values()].map((edge) => edge.fact), ...[...nodes.values()].flatMap((node) => node.facts || [])];
  for (const fact of facts) for (const source of fact.sources) documents.add(source.document);
  const most = [...nodes.values()].filter((node) => node.edges.length)
    .sort((a, b) => b.edges.length - a.edges.length || a.name.localeCompare(b.name)).slice(0, 4);
  const when = yearSpan && (yearSpan[0] === yearSpan[1] ? `in ${yearSpan[0]}` : `from ${yearSpan[0]} to ${yearSpan[1]}`);
  return [
    heading("Overview"),
    el("p", { class: "lead" }, `${plural(nodes.size, "entity", "entities")} and ${plural(edges.size, "connection", "connections")}`,
      documents.size ? `, told by ${plural(documents.size, "document", "documents")}` : "", when ? `. Dates lie ${when}.` : "."),
    most.length ? el("h3", {}, "Most connected") : "",
    most.length ? el("ul", { class: "links", "data-arrows": true }, most.map((node) => el("li", {}, nodeButton(node),
      el("span", { class: "dates" }, plural(node.edges.length, "connection", "connections"))))) : "",
    el("h3", {}, "How to read it"),
    el("p", {}, "Every mark is an entity; its shape and colour tell the kind. Every line is a fact. Choose either to see what is known, since when, and who says so."),
    el("p", {}, `Broken lines are facts that are only planned or claimed, dotted ones are denied. ${data.sizes} Captions that would cover each other appear as you zoom in.`),
  ];
}

function top(kindElements) {
  const canReturn = depth > 0;
  return el("div", { class: "panel-top" },
    el("p", { class: "kind" }, ...kindElements),
    canReturn ? el("button", { type: "button", id: "back", onclick: () => history.back() }, "Back") : "",
    el("button", { type: "button", id: "close", "aria-label": "Close the details", onclick: () => closePanel() }, "×"));
}

function entity(node) {
  const aliases = node.aliases || [];
  const own = node.facts || [];
  const groups = new Map();
  for (const edge of node.edges.filter((each) => shown.edges.has(each))) {
    const outward = !edge.directed || edge.source === node;
    const key = `${outward ? "1" : "2"}${edge.name}`;
    if (!groups.has(key)) groups.set(key, { name: edge.name, outward, directed: edge.directed, edges: [] });
    groups.get(key).edges.push(edge);
  }
  const hidden = node.edges.filter((edge) => !shown.edges.has(edge)).length;
  const ordered = [...groups.entries()].sort((a, b) => a[0].localeCompare(b[0], "en")).map(([, group]) => group);
  return [
    top([mark(node.kind), el("span", { dir: "auto" }, node.kind_label)]),
    heading(node.name),
    aliases.length ? el("p", { class: "aliases", dir: "auto" }, "Also: ", aliases.flatMap((alias, number) => [number ? "; " : "", el("bdi", {}, alias)])) : "",
    node.measured ? el("p", { class: "muted" }, node.measured) : "",
    node.note ? el("p", { class: "note", dir: "auto" }, node.note) : "",
    shown.nodes.has(node) ? "" : filteredNotice("The filters hide this entity."),
    own.length ? el("h3", {}, "Facts") : "",
    own.length ? el("ul", { class: "facts" }, own.map((fact) => el("li", {}, factView(fact)))) : "",
    ...ordered.flatMap((group) => [
      el("h3", { class: "relation", dir: "auto" },
        group.directed ? el("span", { class: "way", "aria-hidden": "true" }, group.outward ? "→ " : "← ") : "",
        group.name, group.outward ? "" : el("span", { class: "sr" }, " (from the others to this one)")),
      el("ul", { class: "links", "data-arrows": true }, sortedByTime(group.edges).map((edge) => connectionLine(edge, node))),
    ]),
    node.edges.length ? "" : el("p", { class: "muted" }, "No connections."),
    hidden ? filteredNotice(`${plural(hidden, "connection is", "connections are")} hidden by the filters.`) : "",
    identifier(node),
  ];
}

function sortedByTime(list) {
  const key = (edge) => edge.start || edge.end || "9999";
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function connectionLine(edge, node) {
  const { fact } = edge;
  const other = otherEnd(edge, node);
  const told = folded(fact.text) !== folded(edge.name) ? fact.text : "";
  return el("li", {},
    nodeButton(other),
    told ? el("p", { class: "told", dir: "auto" }, told) : "",
    el("p", { class: "dates" }, fact.dates ? el("span", {}, fact.dates) : "", standing(edge),
      el("button", { type: "button", class: "quiet", onclick: () => goTo(edge) }, "Show this fact",
        el("span", { class: "sr" }, `: ${edge.name}, ${other.name}`))),
    sourcesView(fact));
}

function connection(edge) {
  const { fact } = edge;
  return [
    top([line(edge.realis), el("span", { dir: "auto" }, edge.kind_label)]),
    heading(el("bdi", {}, edge.source.name), " ", el("span", { class: "verb", dir: "auto" }, edge.name), " ", el("bdi", {}, edge.target.name)),
    shown.edges.has(edge) ? "" : filteredNotice("The filters hide this fact."),
    fact.text ? el("p", { class: "told", dir: "auto" }, fact.text) : "",
    el("p", { class: "dates" }, el("span", {}, fact.dates || "No date is given."), standing(edge)),
    el("h3", {}, "Between"),
    el("ul", { class: "links", "data-arrows": true }, [edge.source, edge.target].map((node) => el("li", {}, nodeButton(node),
      el("span", { class: "dates" }, node.kind_label)))),
    el("h3", {}, "Sources"),
    sourcesView(fact, true),
    identifier(edge),
  ];
}

// Held facts need no word; all others say what they are and, for a claim, whose.
function standing({ realis, claimed_by: claimant }) {
  if (realis === "held") return "";
  const word = { planned: "only planned", claimed: "only claimed", denied: "denied" }[realis] || realis;
  return el("span", { class: `badge ${realis}`, dir: "auto" }, word, claimant ? ` by ${claimant}` : "");
}

function factView(fact) {
  return el("div", {},
    el("p", { class: "told", dir: "auto" }, fact.text),
    fact.dates || fact.realis !== "held" ? el("p", { class: "dates" }, fact.dates ? el("span", {}, fact.dates) : "", standing(fact)) : "",
    sourcesView(fact));
}

function sourcesView(fact, open = false) {
  if (fact.derived) return el("p", { class: "muted" }, "Reckoned from the facts of these, each with its own sources.");
  if (!fact.sources.length) return el("p", { class: "muted" }, "No source is recorded.");
  return el("div", { class: "sources" }, fact.sources.map((source) => {
    const summary = el("summary", {}, el("span", { class: "document", dir: "auto" }, source.document), " ",
      source.published ? el("span", { class: "published" }, source.published, " ") : "",
      el("span", { class: `badge ${source.level}` }, source.level));
    const details = el("details", { class: "source", open }, summary,
      source.quote ? el("blockquote", { dir: "auto" }, source.quote) : "",
      el("p", { class: "muted" }, [source.passage, LEVELS[source.level]].filter(Boolean).join(" · ")),
      source.decided_by ? el("p", { class: "muted", dir: "auto" }, `Decided by: ${source.decided_by}`) : "");
    return details;
  }));
}

function nodeButton(node) {
  return el("button", { type: "button", class: "entity", onclick: () => goTo(node) },
    mark(node.kind), el("span", { dir: "auto" }, node.name));
}

function filteredNotice(text) {
  return el("p", { class: "notice" }, text, " ", el("button", { type: "button", class: "quiet", onclick: () => showEverything() }, "Show everything"));
}

function identifier(item) {
  return el("details", { class: "identifier" }, el("summary", {}, "Identifier"), el("p", { class: "muted" }, item.iri));
}
