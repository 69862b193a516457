// A sheet: the theme, the years that are shown, the tables' order, and the picture as a file.

const byId = (id) => document.getElementById(id);
const picture = byId("picture");

function announce(text) {
  byId("status").textContent = text;
}

function startTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = byId("toggle-theme");
  let own = false;
  const set = (name) => {
    document.documentElement.dataset.theme = name;
    button.textContent = name === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", name === "dark" ? "Use light colours" : "Use dark colours");
  };
  set(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => { if (!own) set(dark.matches ? "dark" : "light"); });
  button.addEventListener("click", () => {
    own = true;
    set(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });
}

// --- years ----------------------------------------------------------------------------------------------------------

const periods = new Map([...document.querySelectorAll("[data-years]")].map((each) => [each,
  each.dataset.years.split(" ").map((period) => period.split(":").map((year, end) => (year === "" ? (end ? Infinity : -Infinity) : Number(year))))]));

function showYears(from, to) {
  for (const [each, all] of periods) {
    const held = all.filter(([first, last]) => first <= to && last >= from).length;
    each.toggleAttribute("hidden", !held);
    each.classList.toggle("gone", !held);
    if (each.dataset.count && each.tagName === "text") each.firstChild.nodeValue = String(held);
    else if (each.dataset.count) each.setAttribute("fill-opacity", String(strength(held)));
  }
  for (const table of document.querySelectorAll("table")) {
    table.querySelector("[data-rows]").textContent = String(table.querySelectorAll("tbody tr:not([hidden])").length);
  }
}

const most = Math.max(1, ...[...periods].filter(([each]) => each.dataset.count).map(([, all]) => all.length));
function strength(number) {
  return number ? 0.14 + 0.86 * Math.sqrt(number / most) : 0;
}

function startYears() {
  const time = byId("time");
  if (!time) return;
  const [from, to, all] = ["from-year", "to-year", "all-years"].map(byId);
  const [first, last] = [time.dataset.first, time.dataset.last];
  const tell = () => {
    const whole = from.value === first && to.value === last;
    byId("years").textContent = from.value === to.value ? from.value : `${from.value} to ${to.value}`;
    for (const slider of [from, to]) slider.setAttribute("aria-valuetext", slider.value);
    all.disabled = whole;
    showYears(whole ? -Infinity : Number(from.value), whole ? Infinity : Number(to.value));
  };
  const slide = (event) => {
    // The slider that is moved takes the other along rather than crossing it.
    if (Number(from.value) > Number(to.value)) (event.target === from ? to : from).value = event.target.value;
    tell();
  };
  from.addEventListener("input", slide);
  to.addEventListener("input", slide);
  all.addEventListener("click", () => {
    [from.value, to.value] = [first, last];
    tell();
    from.focus();
  });
  tell();
}

// --- tables ---------------------------------------------------------------------------------------------------------

function startTables() {
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const each of heads) {
        each.setAttribute("aria-sort", each === head ? (up ? "ascending" : "descending") : "none");
        each.querySelector(".order").textContent = each === head ? (up ? " ↑" : " ↓") : "";
      }
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => ({ row, key: row.cells[column].textContent }));
      const order = new Intl.Collator("en", { numeric: true }).compare;
      rows.sort((a, b) => order(a.key, b.key) * (up ? 1 : -1));
      body.replaceChildren(...rows.map(({ row }) => row));
    }));
  }
}

// --- picture --------------------------------------------------------------------------------------------------------

// What is pointed at stands out with all that shares a key with it.
function startPointing() {
  const keyed = [...picture.querySelectorAll("[data-keys]")].map((each) => ({ each, keys: new Set(each.dataset.keys.split(" ")) }));
  let chosen = null;
  const point = (target) => {
    const at = target && target.closest("[data-keys]");
    if (at === chosen) return;
    chosen = at;
    picture.classList.toggle("pointing", Boolean(at));
    const keys = at ? at.dataset.keys.split(" ") : [];
    for (const { each, keys: own } of keyed) each.classList.toggle("near", keys.some((key) => own.has(key)));
  };
  picture.addEventListener("pointerover", (event) => point(event.target));
  picture.addEventListener("pointerleave", () => point(null));
}

function startFit() {
  const button = byId("fit");
  const set = (fit) => {
    button.setAttribute("aria-pressed", String(fit));
    byId("frame").classList.toggle("fit", fit);
  };
  // A picture that would become too small to read scrolls instead.
  set(picture.viewBox.baseVal.width <= byId("frame").clientWidth * 1.35);
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
}

// The picture with its colours, its ground, its heading and its legend, as one file.
function exported() {
  const { width, height } = picture.viewBox.baseVal;
  const copy = picture.cloneNode(true);
  const originals = [...picture.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((each, number) => {
    const style = getComputedStyle(originals[number]);
    if (originals[number].classList.contains("gone")) each.setAttribute("display", "none");
    if (each.hasAttribute("class")) {
      each.setAttribute("fill", style.fill);
      if (style.stroke !== "none") each.setAttribute("stroke", style.stroke);
    }
    for (const name of ["class", "data-years", "data-keys", "data-count", "hidden"]) each.removeAttribute(name);
  });
  const page = getComputedStyle(document.body);
  const make = (tag, attributes, text = "") => {
    const each = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) each.setAttribute(name, String(value));
    each.textContent = text;
    return each;
  };
  const head = 64;
  const legend = [...document.querySelectorAll(".legend li")];
  const foot = legend.length || byId("time") ? 34 : 10;
  const whole = make("svg", { xmlns: "http://www.w3.org/2000/svg", width: width, height: height + head + foot, viewBox: `0 0 ${width} ${height + head + foot}`, "font-family": page.fontFamily });
  whole.append(make("rect", { width: "100%", height: "100%", fill: page.backgroundColor }),
    make("text", { x: 16, y: 28, "font-size": 18, "font-weight": 600, fill: page.color }, document.querySelector("h1").textContent),
    make("text", { x: 16, y: 48, "font-size": 12, fill: page.color }, [document.querySelector(".subtitle") && document.querySelector(".subtitle").textContent, byId("years") && byId("years").textContent].filter(Boolean).join("; ")));
  let x = 16;
  for (const item of legend) {
    const fill = getComputedStyle(item.querySelector("rect")).fill;
    whole.append(make("rect", { x, y: head + height + 8, width: 12, height: 12, rx: 2, fill }), make("text", { x: x + 18, y: head + height + 18, "font-size": 12, fill: page.color }, item.textContent));
    x += 40 + item.textContent.length * 7;
  }
  copy.setAttribute("y", String(head));
  for (const name of ["id", "class", "role", "aria-labelledby"]) copy.removeAttribute(name);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  whole.append(copy);
  return { text: new XMLSerializer().serializeToString(whole), width, height: height + head + foot };
}

startTheme();
startTables();
startPointing();
startYears();
startFit();
byId("save-svg").addEventListener("click", () => {
  saveSvg(exported().text);
  announce("Saved as SVG.");
});
byId("save-png").addEventListener("click", () => {
  const { text, width, height } = exported();
  savePng(text, width, height).then(() => announce("Saved as PNG."), (error) => announce(error.message));
});
// For tests and for the curious at the console.
window.diplograph = { exported, showYears };
