"use strict";
// The list is in the page already; this script filters it, draws the timeline from the same events, and asks for nothing.
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const DAY = 864e5, STEP = 200;
const plain = (text) => text.toLowerCase().replace(/œ/g, "oe").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’']/g, " ");
const rows = [...document.querySelectorAll("#liste tbody tr")];
const events = data.events.map(([from, to, kind, happened, ...facets], i) => ({
  i, from: Date.parse(from) / DAY, to: Date.parse(to) / DAY + 1, kind, happened, facets,
  family: data.kinds[kind][1], row: rows[i], title: rows[i].querySelector(".title").textContent,
  when: rows[i].querySelector("time").textContent, words: "",
}));
const first = events.reduce((a, e) => Math.min(a, e.from), Infinity), last = events.reduce((a, e) => Math.max(a, e.to), -Infinity);
const pad = Math.max(60, (last - first) * 0.02);
const whole = events.length ? { from: first - pad, to: last + pad } : { from: 0, to: 365 };
let view = { ...whole }, shown = STEP, current = [], listed = [];

const year = (day) => new Date(day * DAY).getUTCFullYear();
const startOf = (y, m = 0) => { const d = new Date(0); d.setUTCFullYear(y, m, 1); return d.getTime() / DAY; };
const isWhole = () => view.from <= whole.from && view.to >= whole.to;
const plural = (n, word) => `${n.toLocaleString("fr-FR")} ${word}${n > 1 ? "s" : ""}`;

function matches() {
  const wanted = [...document.querySelectorAll("[data-facet]")].map((s) => (s.value === "" ? null : Number(s.value)));
  const families = new Set([...document.querySelectorAll(".chips input:checked")].map((c) => c.value));
  const kind = $("kind").value, certainty = $("certainty").value;
  const words = plain($("q").value).split(/\s+/).filter(Boolean);
  return events.filter((e) => {
    if (!families.has(e.family) || (kind !== "" && e.kind !== Number(kind)) || (certainty !== "" && e.happened !== Number(certainty))) return false;
    if (wanted.some((name, f) => name !== null && !e.facets[f].includes(name))) return false;
    if (!words.length) return true;
    e.words = e.words || plain(e.row.textContent);
    return words.every((word) => e.words.includes(word));
  });
}

function update() {
  current = matches();
  shown = STEP;
  render();
}

function render() {
  const ends = isWhole() ? [year(first), year(last - 1)] : [year(view.from), year(view.to - 1)];
  if (document.activeElement !== $("from")) $("from").value = ends[0];
  if (document.activeElement !== $("to")) $("to").value = ends[1];
  $("out").disabled = $("all").disabled = isWhole();
  $("earlier").disabled = view.from <= whole.from;
  $("later").disabled = view.to >= whole.to;
  $("chart").classList.toggle("zoomed", !isWhole());
  const chosen = [...document.querySelectorAll(".filters select, .filters [type=search]")].filter((field) => {
    field.classList.toggle("on", field.value !== "");
    return field.value !== "";
  });
  $("active").textContent = chosen.length ? ` (${plural(chosen.length, "actif")})` : "";
  listed = current.filter((e) => e.to > view.from && e.from < view.to);
  list();
  draw();
}

function list() {
  const visible = new Set(listed.slice(0, shown).map((e) => e.i));
  rows.forEach((row, i) => { row.hidden = !visible.has(i); });
  const all = listed.length === events.length;
  $("status").textContent = all ? plural(listed.length, "événement") : `${plural(listed.length, "événement")} sur ${events.length.toLocaleString("fr-FR")}`;
  $("none").hidden = listed.length > 0;
  $("liste").hidden = listed.length === 0;
  const rest = listed.length - visible.size;
  $("more").hidden = rest <= 0;
  $("next").textContent = `Afficher la suite (${plural(rest, "événement")})`;
}

const SVG = "http://www.w3.org/2000/svg";
function add(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

let width = 0, height = 0;
const LEFT = 14, FOOT = 26;
const x = (day) => LEFT + ((day - view.from) / (view.to - view.from)) * (width - 2 * LEFT);

function draw() {
  const chart = $("chart");
  chart.replaceChildren();
  ({ width, height } = chart.getBoundingClientRect());
  if (!width) return;
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  axis(chart);
  const room = height - FOOT - 10;
  for (const letters of width < 600 ? [26, 16, 0] : [44, 30, 20, 0]) {
    const lanes = pack(letters), least = letters ? 28 : 10;
    if (!lanes || lanes.count * least > room) continue;
    marks(chart, lanes, letters ? least : Math.min(22, Math.floor(room / lanes.count)), letters > 0);
    hint("marks");
    return;
  }
  histogram(chart, room);
}

function hint(mode, unit) {
  $("hint").textContent = mode === "marks"
    ? "Chaque trait est un événement, aussi long que sa date est large ; en tirets, ce qui est prévu. Un clic mène à la liste."
    : `Nombre d’événements par ${unit}, selon leur premier jour. Un clic sur une colonne l’agrandit.`;
}

const MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
function axis(chart) {
  const years = (view.to - view.from) / 365.25, most = Math.max(2, width / 85);
  const base = height - FOOT;
  add(chart, "line", { class: "axis", x1: 0, x2: width, y1: base, y2: base });
  const months = [1, 3, 6].find((m) => (years * 12) / m <= most);
  const step = months ? 0 : [1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => years / s <= most) || 1000;
  const ticks = [];
  if (months) {
    for (let m = Math.ceil((year(view.from) * 12) / months) * months; startOf(Math.floor(m / 12), m % 12) < view.to; m += months)
      ticks.push([startOf(Math.floor(m / 12), m % 12), m % 12 ? `${MONTHS[m % 12]} ${Math.floor(m / 12)}` : String(Math.floor(m / 12))]);
  } else {
    for (let y = Math.ceil(year(view.from) / step) * step; startOf(y) < view.to; y += step) ticks.push([startOf(y), String(y)]);
  }
  for (const [day, label] of ticks) {
    const at = x(day);
    if (at < 2 || at > width - 2) continue;
    add(chart, "line", { class: "tick", x1: at, x2: at, y1: 6, y2: base });
    add(chart, "text", { x: Math.min(Math.max(at, 18), width - 20), y: height - 8, "text-anchor": "middle" }, label);
  }
}

const clipped = (text, most) => (text.length <= most ? text : text.slice(0, most - 1).trimEnd() + "…");
function pack(letters) {
  if (listed.length > (letters ? 120 : 600)) return null;
  const ends = [], placed = [];
  for (const e of listed) {
    const left = Math.max(LEFT, x(e.from)), bar = Math.max(7, Math.min(width, x(e.to)) - left);
    const label = letters ? clipped(e.title, letters) : "";
    const start = Math.min(left, Math.max(LEFT, width - LEFT - label.length * 6.4));
    const end = Math.max(left + bar, start + label.length * 6.4) + (letters ? 14 : 3);
    let lane = ends.findIndex((right) => right <= start);
    if (lane < 0) lane = ends.push(0) - 1;
    ends[lane] = end;
    placed.push({ e, lane, left, bar, label, start });
  }
  return { count: ends.length, placed };
}

function marks(chart, lanes, size, named) {
  const top = Math.max(8, height - FOOT - 8 - lanes.count * size);
  for (const { e, lane, left, bar, label, start } of lanes.placed) {
    const y = top + (lanes.count - 1 - lane) * size;
    const g = add(chart, "g", { class: `mark ${e.family}${e.happened ? "" : " planned"}` });
    add(g, "rect", { class: "hit", x: Math.min(start, left) - 3, y, width: Math.max(bar, label.length * 6.4) + 6, height: size });
    if (named) add(g, "text", { class: "name", x: start, y: y + 14 }, label);
    const thick = named ? 5 : Math.min(9, size - 3);
    add(g, "rect", { x: left, y: y + (named ? 19 : (size - thick) / 2), width: bar, height: thick, rx: thick / 2 });
    g.addEventListener("click", () => reveal(e));
    g.addEventListener("pointerenter", () => tip(`${e.when} — ${e.title}`, left + bar / 2, y + size));
    g.addEventListener("pointerleave", () => { $("tip").hidden = true; });
  }
}

function histogram(chart, room) {
  const span = (view.to - view.from) / 30.44;
  const [size, unit] = [[1, "mois"], [3, "trimestre"], [6, "semestre"], [12, "an"], [60, "période de cinq ans"], [120, "décennie"], [600, "demi-siècle"], [1200, "siècle"]]
    .find(([m]) => span / m <= width / 9) || [1200, "siècle"];
  const bins = new Map();
  for (const e of listed) {
    const d = new Date(Math.max(e.from, view.from) * DAY), bin = Math.floor((d.getUTCFullYear() * 12 + d.getUTCMonth()) / size);
    if (!bins.has(bin)) bins.set(bin, {});
    bins.get(bin)[e.family] = (bins.get(bin)[e.family] || 0) + 1;
  }
  const total = (bin) => Object.values(bin).reduce((a, b) => a + b, 0);
  const tallest = Math.max(...[...bins.values()].map(total)), scale = (room - 14) / tallest, base = height - FOOT;
  let numbered = false;
  for (const [number, bin] of bins) {
    const edge = (n) => startOf(Math.floor((n * size) / 12), (n * size) % 12);
    const from = edge(number), to = edge(number + 1), left = Math.max(x(from), 0), wide = Math.max(2, Math.min(x(to), width) - left - 1.5);
    const g = add(chart, "g", { class: "bin" });
    let y = base;
    for (const family of data.families) {
      if (!bin[family]) continue;
      y -= bin[family] * scale;
      add(g, "rect", { class: family, x: left, y, width: wide, height: Math.max(1, bin[family] * scale - 0.5) });
    }
    const fits = wide > 6 + 7 * String(tallest).length;
    numbered ||= fits;
    if (fits) add(g, "text", { x: left + wide / 2, y: y - 5, "text-anchor": "middle" }, String(total(bin)));
    add(g, "rect", { class: "hit", x: left, y: 0, width: wide + 1.5, height: base });
    const label = size < 12 ? `${MONTHS[(number * size) % 12]} ${year(from)}` : size === 12 ? String(year(from)) : `${year(from)}–${year(to) - 1}`;
    g.addEventListener("click", () => { if (!dragged) go(from, to); });
    g.addEventListener("pointerenter", () => tip(`${label} : ${plural(total(bin), "événement")}`, left + wide / 2, Math.min(y + 8, base - 40)));
    g.addEventListener("pointerleave", () => { $("tip").hidden = true; });
  }
  if (tallest > 0 && !numbered) add(chart, "text", { x: 8, y: 16 }, `max. ${tallest}`);
  hint("bins", unit);
}

function tip(text, left, top) {
  const box = $("tip"), chart = $("chart");
  box.textContent = text;
  box.hidden = false;
  const x0 = Math.min(Math.max(left - box.offsetWidth / 2, 4), width - box.offsetWidth - 4);
  box.style.left = `${x0}px`;
  box.style.top = `${chart.offsetTop + top + 6}px`;
}

function reveal(e) {
  if (dragged) return;
  const place = listed.indexOf(e);
  if (place >= shown) { shown = Math.ceil((place + 1) / STEP) * STEP; list(); }
  document.querySelector("tr.here")?.classList.remove("here");
  e.row.classList.add("here");
  e.row.querySelector("details").open = true;
  e.row.scrollIntoView({ block: "center" });
  e.row.querySelector("summary").focus({ preventScroll: true });
}

function go(from, to) {
  const least = 60, span = Math.min(Math.max(to - from, least), whole.to - whole.from);
  const middle = (from + to) / 2;
  let start = Math.max(whole.from, middle - span / 2);
  start = Math.min(start, whole.to - span);
  view = { from: start, to: start + span };
  shown = STEP;
  $("tip").hidden = true;
  render();
}
const zoom = (factor, at = (view.from + view.to) / 2) => go(at - (at - view.from) * factor, at + (view.to - at) * factor);
const pan = (share) => { const by = (view.to - view.from) * share; go(view.from + by, view.to + by); };

let drag = null, dragged = false;
const chart = $("chart");
chart.addEventListener("pointerdown", (event) => { drag = { at: event.clientX, ...view }; dragged = false; });
addEventListener("pointermove", (event) => {
  if (!drag || Math.abs(event.clientX - drag.at) < 5 || isWhole()) return;
  dragged = true;
  const by = ((drag.at - event.clientX) / width) * (drag.to - drag.from);
  go(drag.from + by, drag.to + by);
});
addEventListener("pointerup", () => { drag = null; setTimeout(() => { dragged = false; }); });
chart.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const at = view.from + ((event.clientX - chart.getBoundingClientRect().left - LEFT) / (width - 2 * LEFT)) * (view.to - view.from);
  zoom(event.deltaY < 0 ? 0.7 : 1 / 0.7, at);
}, { passive: false });
chart.addEventListener("keydown", (event) => {
  const action = { ArrowLeft: () => pan(-0.2), ArrowRight: () => pan(0.2), "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), 0: () => go(whole.from, whole.to), Escape: () => { $("tip").hidden = true; } }[event.key];
  if (action) { event.preventDefault(); action(); }
});
$("in").addEventListener("click", () => zoom(0.5));
$("out").addEventListener("click", () => zoom(2));
$("earlier").addEventListener("click", () => pan(-0.4));
$("later").addEventListener("click", () => pan(0.4));
$("all").addEventListener("click", () => go(whole.from, whole.to));
for (const id of ["from", "to"]) $(id).addEventListener("change", () => {
  const a = Number($("from").value), b = Number($("to").value);
  if (Number.isInteger(a) && Number.isInteger(b) && a <= b) go(startOf(a), startOf(b + 1));
});
$("filters").addEventListener("input", update);
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("clear").addEventListener("click", () => { $("filters").reset(); view = { ...whole }; update(); });
$("next").addEventListener("click", () => { shown += STEP; list(); });
$("print").addEventListener("click", () => print());
$("unfold").addEventListener("click", () => {
  const open = $("unfold").getAttribute("aria-pressed") !== "true";
  $("unfold").setAttribute("aria-pressed", String(open));
  $("unfold").textContent = open ? "Replier les extraits" : "Déplier les extraits";
  for (const details of document.querySelectorAll("#liste details")) details.open = open;
});
let folded = [];
addEventListener("beforeprint", () => {
  shown = Infinity;
  list();
  for (const details of document.querySelectorAll("#liste tr:not([hidden]) details:not([open])")) {
    details.open = true;
    folded.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  folded = [];
  shown = STEP;
  list();
});
let pending = 0;
addEventListener("resize", () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(draw); });

$("box").open = innerWidth > 704;
for (const id of ["box", "timeline", "actions"]) $(id).hidden = events.length === 0;
update();
document.body.classList.add("ready"); // only now is the list laid out, and only the part of it that is shown
