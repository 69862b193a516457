// The page as a whole: what is chosen, which view is open, the theme, the keys; started once, at the end.

let depth = 0; // how many choices the Back button can take back
let opener = null; // where the keyboard was before the details took it

function announce(text) {
  document.getElementById("status").textContent = text;
}

function select(item, { record = true } = {}) {
  if (item === state.selected) return;
  state.selected = item;
  if (record) {
    // A page inside another page may not be allowed to keep a history; it works without.
    try {
      history.pushState({ depth: depth + 1 }, "", item ? `#${encodeURIComponent(item.iri)}` : "#");
      depth += 1;
    } catch (refused) {
      if (refused.name !== "SecurityError") throw refused;
    }
  }
  paint();
  fillPanel();
  document.body.classList.toggle("chosen", item !== null);
  tellMoreColumns();
  if (item) announce(`Details: ${isNode(item) ? item.name : `${item.source.name} ${item.name} ${item.target.name}`}`);
}

// Chosen from a list: the picture follows, and the keyboard goes to the details.
function goTo(item) {
  if (!document.getElementById("panel").contains(document.activeElement)) opener = document.activeElement;
  select(item);
  // The details take room from the table, which may move the row out of sight.
  if (opener && document.getElementById("view-table").contains(opener)) opener.scrollIntoView({ block: "nearest", inline: "nearest" });
  bringIntoView(item);
  document.getElementById("panel-heading").focus({ preventScroll: matchMedia("(min-width: 761px)").matches });
}

function closePanel() {
  const inside = document.getElementById("panel").contains(document.activeElement);
  select(null);
  if (!inside) return;
  const places = [opener, document.getElementById("panel-heading"), document.getElementById("view-table")];
  places.find((place) => place && place.isConnected && place.offsetParent).focus();
}

function fromAddress() {
  let iri = "";
  try {
    iri = decodeURIComponent(location.hash.slice(1));
  } catch (malformed) {
    if (!(malformed instanceof URIError)) throw malformed;
  }
  return byIri.get(iri) || null;
}

function refresh() {
  applyFilters();
  paint();
  if (state.view === "table") fillTables();
  fillPanel();
  tellShown();
}

function tellShown() {
  const text = isFiltered()
    ? `${shown.nodes.size} of ${plural(nodes.size, "entity", "entities")}, ${shown.edges.size} of ${plural(edges.size, "connection", "connections")}`
    : `${plural(nodes.size, "entity", "entities")}, ${plural(edges.size, "connection", "connections")}`;
  document.getElementById("shown").textContent = text;
  document.getElementById("reset").disabled = !isFiltered();
  if (isFiltered()) announce(`Shown: ${text}.`);
}

function openView(name) {
  state.view = name;
  for (const each of ["network", "table"]) {
    const tab = document.getElementById(`tab-${each}`);
    tab.setAttribute("aria-selected", String(each === name));
    tab.tabIndex = each === name ? 0 : -1;
    document.getElementById(`view-${each}`).hidden = each !== name;
  }
  document.getElementById("view-heading").textContent = name === "table" ? "Table" : "Network";
  document.body.classList.toggle("in-table", name === "table");
  if (name === "table") fillTables();
  else network.redraw();
  tellMoreColumns();
}

function startTabs() {
  for (const [name, other] of [["network", "table"], ["table", "network"]]) {
    const tab = document.getElementById(`tab-${name}`);
    tab.addEventListener("click", () => openView(name));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
      event.preventDefault();
      openView(other);
      document.getElementById(`tab-${other}`).focus();
    });
  }
}

function startTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = document.getElementById("toggle-theme");
  let own = false;
  const set = (name) => {
    document.documentElement.dataset.theme = name;
    button.textContent = name === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", name === "dark" ? "Use light colours" : "Use dark colours");
    readInk();
    paint();
  };
  set(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => { if (!own) set(dark.matches ? "dark" : "light"); });
  button.addEventListener("click", () => {
    own = true;
    set(theme() === "dark" ? "light" : "dark");
  });
}

function startFiltersToggle() {
  const button = document.getElementById("toggle-filters");
  const set = (open) => {
    button.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("filters-closed", !open);
  };
  set(matchMedia("(min-width: 1000px)").matches);
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
}

// On a small screen the filters lie over the picture, and Escape puts them away.
function closeDrawer() {
  const button = document.getElementById("toggle-filters");
  if (button.getAttribute("aria-expanded") !== "true" || !matchMedia("(max-width: 760px)").matches) return false;
  button.click();
  button.focus();
  return true;
}

function startKeys() {
  // vis-network gives the canvas the focus at every click; a ring is drawn only for those who walk with the keyboard.
  document.addEventListener("keydown", (event) => document.body.classList.toggle("keys", event.key === "Tab" || document.body.matches(".keys")), true);
  document.addEventListener("pointerdown", () => document.body.classList.remove("keys"), true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closeDrawer()) return undefined;
    if (event.key === "Escape" && state.selected) return closePanel();
    if (event.key === "/" && !event.target.closest("input")) {
      event.preventDefault();
      return document.getElementById("search").focus();
    }
    const list = event.target.closest("[data-arrows]");
    if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return undefined;
    const buttons = [...list.querySelectorAll("button.entity")];
    const at = buttons.indexOf(event.target);
    if (at < 0) return undefined;
    event.preventDefault();
    return buttons[(at + (event.key === "ArrowDown" ? 1 : buttons.length - 1)) % buttons.length].focus();
  });
}

function start() {
  startTheme();
  startFiltersToggle();
  startControls();
  startTabs();
  startKeys();
  startDrawing();
  startTables();
  startSaving();
  document.getElementById("zoom-in").addEventListener("click", () => zoomBy(1.3));
  document.getElementById("zoom-out").addEventListener("click", () => zoomBy(1 / 1.3));
  document.getElementById("fit").addEventListener("click", () => fitView());
  tellShown();
  const asked = fromAddress();
  if (asked) select(asked, { record: false });
  else fillPanel();
  window.addEventListener("popstate", (event) => {
    depth = (event.state && event.state.depth) || 0;
    select(fromAddress(), { record: false });
    if (state.selected) bringIntoView(state.selected);
    fillPanel();
  });
  // For tests and for the curious at the console.
  window.diplograph = {
    network,
    state,
    select: (iri) => select(byIri.get(iri) || null),
    node: (iri) => byIri.get(iri),
    picture: pictureAsSvg,
    captions: () => written.map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
    visibleNodes: () => [...shown.nodes].map((node) => node.iri),
    visibleEdges: () => [...shown.edges].map((edge) => edge.iri),
  };
}

start();
