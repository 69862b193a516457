// The legend, which is also the filter by kind; the other filters; and the search by name.

function startControls() {
  const count = (items, key) => items.reduce((sum, item) => sum.set(item[key], (sum.get(item[key]) || 0) + 1), new Map());
  const kindCount = count([...nodes.values()], "kind");
  const relationCount = count([...edges.values()], "kind");
  const standingCount = count([...edges.values()], "realis");
  const relationLabel = new Map([...edges.values()].map((edge) => [edge.kind, edge.kind_label]));

  fillChoices("kinds", [...looks.kinds.values()].map(({ key, label }) =>
    ({ key, label, count: kindCount.get(key), swatch: mark(key), group: "kinds" })));
  const groupCount = count([...nodes.values()], "group");
  document.getElementById("group-set").hidden = !looks.groups.size;
  fillChoices("groups", [...looks.groups.values()].map(({ key, label }) =>
    ({ key, label, count: groupCount.get(key) || 0, swatch: swatch(key), group: "groups" })));
  fillChoices("standings", [...looks.standings.values()].filter(({ key }) => standingCount.has(key)).map(({ key, label }) =>
    ({ key, label, count: standingCount.get(key), swatch: line(key), group: "standings" })));
  fillChoices("relations", [...relationLabel].sort((a, b) => a[1].localeCompare(b[1], "en")).map(([key, label]) =>
    ({ key, label, count: relationCount.get(key), group: "relations" })));
  document.getElementById("standing-set").hidden = !edges.size;
  startTime();
  document.getElementById("reset").addEventListener("click", showEverything);
  startSearch();
}

function fillChoices(id, choices) {
  document.getElementById(id).replaceChildren(...choices.map(({ key, label, count, swatch, group }) => {
    const input = el("input", { type: "checkbox", "data-group": group, "data-key": key });
    input.checked = true;
    input.addEventListener("change", () => {
      if (input.checked) state.off[group].delete(key);
      else state.off[group].add(key);
      refresh();
    });
    return el("label", { class: "choice" }, input, swatch || "", el("span", { dir: "auto" }, label),
      el("span", { class: "count" }, String(count)));
  }));
}

function startTime() {
  if (!yearSpan) return;
  const [any, from, to, undated] = ["any-time", "from-year", "to-year", "undated"].map((id) => document.getElementById(id));
  document.getElementById("time-set").hidden = false;
  for (const slider of [from, to]) [slider.min, slider.max] = yearSpan;
  [from.value, to.value] = yearSpan;
  const undatedCount = [...edges.values()].filter((edge) => !edge.dated).length;
  document.getElementById("undated-count").textContent = String(undatedCount);
  const tell = () => {
    document.getElementById("years").textContent = from.value === to.value ? from.value : `${from.value} to ${to.value}`;
    for (const slider of [from, to]) slider.setAttribute("aria-valuetext", slider.value);
  };
  const slide = (event) => {
    // The slider that is moved takes the other along rather than crossing it.
    if (Number(from.value) > Number(to.value)) (event.target === from ? to : from).value = event.target.value;
    any.checked = false;
    state.years = [Number(from.value), Number(to.value)];
    tell();
    refresh();
  };
  from.addEventListener("input", slide);
  to.addEventListener("input", slide);
  any.addEventListener("change", () => {
    if (any.checked) [from.value, to.value] = yearSpan;
    state.years = any.checked ? null : [Number(from.value), Number(to.value)];
    tell();
    refresh();
  });
  undated.addEventListener("change", () => {
    state.undated = undated.checked;
    refresh();
  });
  tell();
}

function showEverything() {
  for (const set of Object.values(state.off)) set.clear();
  state.years = null;
  state.undated = true;
  for (const input of document.querySelectorAll("#filters input[type=checkbox]")) input.checked = true;
  if (yearSpan) {
    [document.getElementById("from-year").value, document.getElementById("to-year").value] = yearSpan;
    document.getElementById("years").textContent = `${yearSpan[0]} to ${yearSpan[1]}`;
  }
  refresh();
}

// --- search ---------------------------------------------------------------------------------------------------------

const FOUND_AT_MOST = 12;

function startSearch() {
  const names = [...nodes.values()].map((node) => ({ node, names: [node.name, ...(node.aliases || [])].map((name) => ({ name, key: folded(name) })) }));
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const none = document.getElementById("found-none");
  let found = [];
  let at = -1;

  const close = () => {
    list.hidden = none.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (node) => {
    close();
    input.value = node.name;
    goTo(node);
  };
  const point = (to) => {
    at = to;
    [...list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", `found-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const look = () => {
    const asked = folded(input.value);
    if (!input.value.trim()) return close();
    const all = (asked ? names : []).map((entry) => best(entry, asked)).filter(Boolean)
      .sort((a, b) => a.rank - b.rank || b.node.edges.length - a.node.edges.length || a.node.name.localeCompare(b.node.name));
    found = all.slice(0, FOUND_AT_MOST);
    list.replaceChildren(...found.map(({ node, name }, number) => el("li",
      { role: "option", id: `found-${number}`, "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => choose(node) },
      mark(node.kind), el("span", { class: "name", dir: "auto" }, node.name),
      el("span", { class: "hint", dir: "auto" }, name === node.name ? node.kind_label : `also ${name}`))));
    list.hidden = !found.length;
    none.hidden = found.length > 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    point(found.length ? 0 : -1);
    announce(found.length ? `${plural(all.length, "name", "names")} found${all.length > found.length ? `, ${found.length} listed` : ""}.` : none.textContent);
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && !open) look();
    else if (event.key === "ArrowDown") point((at + 1) % found.length);
    else if (event.key === "ArrowUp" && open) point((at + found.length - 1) % found.length);
    else if (event.key === "Enter" && open && at >= 0) choose(found[at].node);
    else if (event.key === "Escape" && (open || !none.hidden)) close();
    else if (event.key === "Escape" && input.value) input.value = "";
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

// The best of an entity's names for what was asked: the whole name, its beginning, a word's beginning, any part.
function best({ node, names }, asked) {
  const ranked = names.map(({ name, key }, order) => {
    const rank = key === asked ? 0 : key.startsWith(asked) ? 1 : key.includes(` ${asked}`) ? 2 : key.includes(asked) ? 3 : 9;
    return { node, name, rank: rank + order / 1000 };
  }).filter(({ rank }) => rank < 9);
  return ranked.sort((a, b) => a.rank - b.rank)[0];
}
