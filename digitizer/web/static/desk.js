// Keys, marks on the page, and the little that htmx leaves to do. No address ever holds chart text.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const kept = (name, fallback) => localStorage.getItem(name) ?? fallback;

// theme and keys, remembered by this browser

const root = document.documentElement;
if (kept("theme", "")) root.dataset.theme = kept("theme", "");
one("#theme")?.addEventListener("click", () => {
  const dark = root.dataset.theme === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
const keysOn = one("#keys-on");
keysOn.checked = kept("keys", "on") === "on";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
one("[data-open=keys]")?.addEventListener("click", () => one("#keys").showModal());

// which key does what: as the list of keys says, unless this browser remembers another

const usual = Object.fromEntries(all("[data-key-of]").map((button) => [button.dataset.keyOf, button.textContent.trim()]));
let keyOf = { ...usual, ...JSON.parse(kept("keymap", "{}")) };
const named = (key) => Object.keys(keyOf).find((name) => keyOf[name] === key);

function showKeys() {
  for (const [name, key] of Object.entries(keyOf)) {
    for (const place of all(`[data-key-of=${name}], [data-do=${name}] kbd`)) if (place.textContent !== key) place.textContent = key;
  }
}

function giveKey(button) {
  const name = button.dataset.keyOf;
  button.textContent = "press a key";
  button.onkeydown = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Shift") return;
    button.onkeydown = null;
    const taken = named(event.key);
    const free = event.key.length === 1 && event.key !== " " && event.key !== "?" && (!taken || taken === name);
    if (free) keyOf[name] = event.key;
    one("#keys-said").textContent = free || event.key === "Escape" ? "" : `${event.key} is taken, or is no single key.`;
    localStorage.setItem("keymap", JSON.stringify(keyOf));
    showKeys();
  };
}
one("#keys").addEventListener("click", (event) => {
  const button = event.target.closest("[data-key-of]");
  if (button) giveKey(button);
  if (event.target.closest("#keys-usual")) { keyOf = { ...usual }; localStorage.removeItem("keymap"); showKeys(); }
});
document.addEventListener("htmx:afterSettle", showKeys);
showKeys();

// a screen that nobody works at shows nothing; the session ends a while later

const blank = one("#blank");
if (blank) {
  let last = Date.now();
  const used = () => { if (!blank.open) last = Date.now(); };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(name, used, { passive: true });
  blank.addEventListener("close", () => { last = Date.now(); });
  const watch = setInterval(() => {
    const idle = (Date.now() - last) / 1000;
    if (idle > Number(blank.dataset.idle)) { clearInterval(watch); location.assign("/login"); } // once: the next would break it off
    else if (idle > Number(blank.dataset.blank) && !blank.open) blank.showModal();
  }, 1000);
}

// the chart

const chart = one("#chart");
const lines = () => all(".code");
const current = () => one(".code[aria-current]");
let spotsShown = [];
let chosen = null; // {page, start, end} of the selected words
let zoom = 1;

function pick(line, { focus = true, show = true } = {}) {
  if (!line) return;
  choose(null); // words were selected for the line before
  for (const other of lines()) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  line.setAttribute("aria-current", "true");
  line.tabIndex = 0;
  if (focus) line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
  if (show) showSpots(JSON.parse(line.dataset.spots));
}

async function showSpots(spots, { closer = false } = {}) {
  spotsShown = spots;
  if (!spots.length) return;
  if (spots[0][0] !== pageShown()) await openPage(spots[0][0]);
  markSpots();
  if (closer && zoom < 1.6) setZoom(1.8);
  const first = one(".paper .mark") && !one("#sheet").hidden ? one(".paper .mark") : one(".text .mark");
  first?.scrollIntoView({ block: "center", inline: "center" });
}

function markSpots() {
  const here = spotsShown.filter(([page]) => page === pageShown());
  for (const word of all("#page .w")) {
    const [start, end] = [Number(word.dataset.s), Number(word.dataset.e)];
    word.classList.toggle("mark", here.some(([, from, to]) => from < end && start < to));
  }
}

const pageShown = () => Number(one("#sheet").dataset.page);

async function openPage(number) {
  const hit = chart.dataset.hit ? `?hit=${chart.dataset.hit}` : "";
  await htmx.ajax("GET", `/chart/${chart.dataset.key}/page/${number}${hit}`, { source: "#page", target: "#page" });
  for (const link of all(".strip a")) {
    const here = Number(link.dataset.page) === number;
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    if (here) link.scrollIntoView({ block: "nearest" });
  }
  pageReady();
  if (one("#pane-findings [hx-get]") && !one("#pane-findings").hidden) showFindings();
}

function pageReady() {
  const scan = one("#scan");
  scan.complete ? drawAhead() : scan.addEventListener("load", drawAhead);
  chosen = null;
  setZoom(zoom);
  markSpots();
  showText(kept("as-text", "no") === "yes");
  one("#show-unsure").checked = kept("unsure", "no") === "yes";
  one("#page").classList.toggle("show-unsure", one("#show-unsure").checked);
}

// Thumbnails are drawn as they come into view, two at a time: browsers open six connections, and a
// decision must not wait for one.

const drawAtOnce = 2;
const inView = new Set();
let drawing = 0;
const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) isIntersecting ? inView.add(target) : inView.delete(target);
  drawNext();
}, { root: one(".strip"), rootMargin: "150px" });

function drawNext() {
  for (const image of inView) {
    if (drawing >= drawAtOnce) return;
    inView.delete(image);
    watch.unobserve(image);
    drawing += 1;
    image.onload = image.onerror = () => { drawing -= 1; drawNext(); };
    image.src = image.dataset.src;
  }
}

// The server draws the page that comes next while this one is read.
function drawAhead() {
  const next = one(".strip a[aria-current] + a");
  if (next) new Image().src = `/chart/${chart.dataset.key}/page/${next.dataset.page}/large.webp`;
}

function turnPage(step) {
  const pages = all(".strip a").map((link) => Number(link.dataset.page));
  const next = pages[pages.indexOf(pageShown()) + step];
  if (next !== undefined) { spotsShown = []; openPage(next); }
}

function setZoom(factor) {
  zoom = Math.min(4, Math.max(0.4, factor));
  one(".paper").style.width = `${zoom * 100}%`;
}

function showText(yes) {
  one("#text").hidden = !yes;
  one("#sheet").hidden = yes;
  one("#as-text").setAttribute("aria-pressed", String(yes));
}

// selecting words: click one, shift-click the other end

function choose(word, further) {
  const [start, end] = word ? [Number(word.dataset.s), Number(word.dataset.e)] : [0, 0];
  chosen = !word ? null : further && chosen
    ? { page: pageShown(), start: Math.min(chosen.start, start), end: Math.max(chosen.end, end) }
    : { page: pageShown(), start, end };
  for (const other of all("#page .w")) {
    const inside = Boolean(chosen) && Number(other.dataset.s) < chosen.end && chosen.start < Number(other.dataset.e);
    other.classList.toggle("chosen", inside);
  }
}

const chosenSpots = () => chosen ? [[chosen.page, chosen.start, chosen.end]] : [];

// deciding

const canDecide = () => one("#state")?.dataset.open === "yes";

// One after the other: a fast hand decides on the line that the answer before has led to.
let turn = Promise.resolve();
const inTurn = (job) => { turn = turn.then(job, job); };

async function post(path, values) {
  const id = current()?.dataset.id;
  const place = lines().indexOf(current());
  const openBefore = new Set(lines().filter((line) => line.dataset.state === "open").map((line) => line.dataset.id));
  values.seen = one("#state").dataset.version;
  one("#message").replaceChildren(); // what was said of the step before
  await htmx.ajax("POST", `/chart/${chart.dataset.key}/${path}`, { source: "#panel", target: "#panel", values });
  const open = lines().filter((line) => line.dataset.state === "open");
  const after = values.action === "accept" || values.action === "reject"
    ? lines().find((line, index) => index >= place && line.dataset.state === "open") ?? open[0]
    : open.find((line) => !openBefore.has(line.dataset.id)) ?? lines().find((line) => line.dataset.id === id);
  pick(after ?? lines()[Math.max(0, place)]);
  one("#spoken").textContent = `${values.action ?? path} done, ${open.length} to decide`;
}

function ask(title, done) {
  const dialog = one("#dialog-words");
  one("#words-title").textContent = title;
  one("#words").value = "";
  one("#words-ok").onclick = () => { dialog.close(); done(one("#words").value); };
  dialog.showModal();
  one("#words").focus();
}

function findCode(action) {
  const line = current();
  const dialog = one("#dialog-code");
  const spots = action === "add" ? chosenSpots() : [];
  if (action === "add" && !spots.length) return say("Select the words on the page first: click, then shift-click.");
  one("#code-from").textContent = action === "replace" ? `in place of ${line.dataset.code}` : "for the selected words";
  one("#term").value = action === "replace" ? line.dataset.code : all("#text .chosen").map((w) => w.textContent).join(" ");
  one("#codes-found").replaceChildren();
  dialog.showModal();
  one("#term").select();
  htmx.trigger(one("#term"), "input");
  one("#codes-found").onclick = (event) => {
    const below = event.target.closest("[data-below]");
    const picked = event.target.closest("[data-pick]");
    if (below) htmx.ajax("POST", "/codes/search", { target: "#codes-found", values: { below: below.dataset.below } });
    if (picked) {
      dialog.close();
      post("decide", { action, code: picked.dataset.pick, target: action === "replace" ? line.dataset.id : "", spots: JSON.stringify(spots) });
    }
  };
}

const reject = () => inTurn(() => {
  const line = current();
  if (!line) return;
  const dialog = one("#dialog-reject");
  dialog.onclick = (event) => {
    const button = event.target.closest("[data-reason]");
    if (!button) return;
    const text = one("#reject-text");
    if (button.dataset.reason === "other" && !text.value.trim()) return void text.focus();
    dialog.close();
    post("decide", { action: "reject", target: line.dataset.id, reason: button.dataset.reason, text: text.value });
  };
  one("#reject-text").onkeydown = (event) => {
    if (event.key === "Enter") one("[data-reason=other]", dialog).click();
  };
  dialog.showModal();
});

function say(words) {
  const said = document.createElement("p");
  said.className = "notice";
  said.textContent = words;
  one("#message").replaceChildren(said);
  setTimeout(() => said.remove(), 6000);
}

// What is said while a dialog is open is said in it, for behind it nobody reads.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = one("dialog[open]");
  if (!dialog || event.detail.target.id !== "message") return;
  const said = one(".said", dialog) ?? document.createElement("div");
  said.className = "said";
  said.setAttribute("role", "alert");
  one("h2", dialog).after(said);
  said.replaceChildren(...event.detail.target.childNodes);
});
document.addEventListener("close", (event) => one(".said", event.target)?.remove(), true);

// A query on what a diagnosis is offers the kinds that the code has; the coder strikes out what no
// word of the chart speaks for.
const offerKinds = () => {
  const options = one("#query-options");
  if (options.value === options.defaultValue) options.textContent = ""; // offered, and nobody touched it
  const asks = one("#query-form [name=template]").value === "specificity" && current()?.dataset.code;
  if (asks && !options.value) htmx.ajax("POST", "/codes/kinds", { source: "#query-options", target: "#query-options", values: { code: asks } });
};
document.addEventListener("change", (event) => { if (event.target.matches("#query-form [name=template]")) offerKinds(); });

const moveLine = (by) => inTurn(() => {
  const place = Number(current()?.dataset.place || 0);
  const most = lines().filter((line) => line.dataset.place).length;
  return place && place + by > 0 && place + by <= most && post("decide", { action: "sequence", ...target(), value: String(place + by) });
});

const POA = ["Y", "N", "U", "W", "1"];
const target = () => ({ target: current()?.dataset.id ?? "" });
const acts = {
  accept: () => {
    const line = current();
    if (line?.dataset.state !== "withheld") return inTurn(() => current() && post("decide", { action: "accept", ...target() }));
    ask(`It was withheld: ${line.dataset.withheld}. Why does it hold?`, (text) => text.trim() && post("decide", { action: "accept", target: line.dataset.id, text }));
  },
  reject,
  replace: () => findCode("replace"),
  add: () => findCode("add"),
  principal: () => inTurn(() => post("decide", { action: "principal", ...target() })),
  poa: () => inTurn(() => post("decide", { action: "poa", ...target(), value: POA[(POA.indexOf(current().dataset.poa) + 1) % POA.length] })),
  sooner: () => moveLine(-1),
  later: () => moveLine(1),
  undo: (button) => inTurn(() => {
    const last = button?.dataset.target ?? one("#pane-history .own [data-do=undo]")?.dataset.target;
    return last && post("decide", { action: "undo", target: last });
  }),
  note: () => ask("Note on the chart", (text) => text.trim() && post("decide", { action: "note", text })),
  hold: () => ask("Why is it on hold? Empty takes it off.", (because) => post("hold", { because })),
  query: () => {
    const spots = chosenSpots().length ? chosenSpots() : JSON.parse(current()?.dataset.spots ?? "[]");
    one("#query-form").reset();
    one("#query-spots").value = JSON.stringify(spots);
    const cited = chosen ? [`“${all("#text .chosen").map((word) => word.textContent).join(" ")}”`] : all(".evidence", current() ?? undefined).map((one) => one.textContent.trim());
    one("#query-from").textContent = spots.length ? `It cites ${cited.join(", ")}.` : "Select the words it rests on first.";
    one("#dialog-query").showModal();
    offerKinds();
  },
  sign: () => inTurn(() => post("sign", {})),
  reopen: () => one("#dialog-reopen").showModal(),
  correct: () => one("#dialog-correct").showModal(),
};

one("#correct-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  one("#dialog-correct").close();
  const spots = form.elements.target.value === "text" ? chosenSpots() : [];
  inTurn(async () => {
    await post("decide", { action: "correct", target: form.elements.target.value, value: form.elements.value.value, spots: JSON.stringify(spots) });
    if (!one("#message").textContent && !one("#panel .error[role=alert]")) location.reload(); // the banner too
  });
});

function step(by) {
  const list = lines();
  pick(list[Math.min(list.length - 1, Math.max(0, list.indexOf(current()) + by))]);
}

const chartKeys = {
  next: () => step(1), ArrowDown: () => step(1), previous: () => step(-1), ArrowUp: () => step(-1),
  before: () => turnPage(-1), after: () => turnPage(1),
  seek: () => one("#find-words")?.focus(),
  larger: () => setZoom(zoom * 1.25), "=": () => setZoom(zoom * 1.25), smaller: () => setZoom(zoom / 1.25), fit: () => setZoom(1),
  Enter: () => current() && showSpots(JSON.parse(current().dataset.spots), { closer: true }),
};
const decideKeys = { ...acts, find: acts.add };
delete decideKeys.sign;
// In the list of codes found, arrows lead from the box to the codes and back; Enter takes one.
one("#panel")?.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !event.target.closest("#dialog-code")) return;
  const places = [one("#term"), ...all("#codes-found [data-pick]")];
  places[Math.min(places.length - 1, Math.max(0, places.indexOf(document.activeElement) + by))].focus();
  event.preventDefault();
});

// What was found in the chart: arrows lead from the box through the places, each shown as it is
// reached; Escape puts the list away.
const foundIn = one("#found-in");
const closeFound = () => { foundIn.replaceChildren(); one("#find-words").value = ""; current()?.focus({ preventScroll: true }); };
document.addEventListener("keydown", (event) => {
  if (!chart || !event.target.closest("#find-in, #found-in")) return;
  if (event.key === "Escape") { closeFound(); return event.preventDefault(); }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const places = [one("#find-words"), ...all(".evidence", foundIn)];
  const next = places[Math.min(places.length - 1, Math.max(0, places.indexOf(document.activeElement) + by))];
  next.focus();
  if (next.dataset.spots) showSpots(JSON.parse(next.dataset.spots));
});

const needsLine = new Set(["accept", "reject", "replace", "principal", "poa", "sooner", "later"]);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const dialog = one("dialog[open]");
  if (dialog?.id === "dialog-reject" && !typing && /^[1-9]$/.test(event.key)) {
    all("[data-reason]", dialog)[Number(event.key) - 1]?.click();
    return event.preventDefault();
  }
  if ((typing && typing.type !== "checkbox") || dialog || !keysOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") { one("#keys").showModal(); return event.preventDefault(); }
  if (!chart) {
    if (event.key === keyOf.find && one("#query")) { one("#query").focus(); event.preventDefault(); }
    return;
  }
  if (event.key === "Enter" && event.shiftKey && canDecide()) { acts.sign(); return event.preventDefault(); }
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  const box = current() && one("input[type=checkbox]", current());
  if (box && event.key === keyOf.accept) { box.click(); step(1); return event.preventDefault(); }
  const name = named(event.key) ?? event.key;
  const act = chartKeys[name] ??
    (canDecide() && (!needsLine.has(name) || current()) && name.length > 1 ? decideKeys[name] : undefined);
  if (act) { act(); event.preventDefault(); }
});

document.addEventListener("click", (event) => {
  const to = (selector) => event.target.closest(selector);
  if (!chart) return;
  const link = to(".strip a");
  if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); spotsShown = []; openPage(Number(link.dataset.page)); return; }
  const line = to(".code");
  if (line && line !== current()) pick(line, { focus: false });
  if (to("[data-close-found]")) return closeFound();
  const evidence = to(".evidence");
  if (evidence) return void showSpots(JSON.parse(evidence.dataset.spots), { closer: true });
  const act = to("[data-do]");
  if (act) return void acts[act.dataset.do](act);
  const tab = to("[role=tab]");
  if (tab) return openTab(tab);
  const size = to("[data-zoom]");
  if (size) return setZoom(size.dataset.zoom === "0" ? 1 : zoom * (size.dataset.zoom === "1" ? 1.25 : 0.8));
  if (to("#as-text")) { const yes = one("#text").hidden; localStorage.setItem("as-text", yes ? "yes" : "no"); return showText(yes); }
  const word = to("#page .w");
  if (word) choose(word, event.shiftKey);
});

one("#blind-found")?.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (pick) one("#more-codes").value = `${one("#more-codes").value} ${pick.dataset.pick}`.trim();
});

function openTab(tab) {
  for (const other of all("[role=tab]")) {
    const here = other === tab;
    other.setAttribute("aria-selected", String(here));
    other.tabIndex = here ? 0 : -1;
    one(`#${other.getAttribute("aria-controls")}`).hidden = !here;
  }
  tab.focus();
  if (tab.id === "tab-findings") showFindings();
}
const showFindings = () => htmx.ajax("GET", `/chart/${chart.dataset.key}/findings?page=${pageShown()}`, { source: "#pane-findings", target: "#pane-findings" });
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !by) return;
  const tabs = all("[role=tab]");
  openTab(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]);
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "show-unsure") return;
  localStorage.setItem("unsure", event.target.checked ? "yes" : "no");
  one("#page").classList.toggle("show-unsure", event.target.checked);
});

// search: a facet fills the field of the form that it narrows

document.addEventListener("click", (event) => {
  const facet = event.target.closest("[data-narrow]");
  if (!facet) return;
  const values = facet.dataset.narrow === "year"
    ? { date_from: `${facet.dataset.value}-01-01`, date_to: `${facet.dataset.value}-12-31` }
    : { [facet.dataset.narrow]: facet.dataset.value };
  for (const [name, value] of Object.entries(values)) {
    for (const field of all(`[name=${name}]`)) field.value = value;
  }
  one(".filters")?.setAttribute("open", "");
});

// the intake board

const live = one("[data-live]");
if (live) {
  const events = new EventSource(live.dataset.live);
  events.addEventListener("changed", () => {
    if (!live.contains(document.activeElement) || document.activeElement.tagName !== "INPUT") htmx.trigger(live, "board-changed");
  });
  events.addEventListener("over", () => location.assign("/login"));
  addEventListener("pagehide", () => events.close());
}
const drop = one("#upload");
if (drop) {
  const over = (yes) => (event) => { event.preventDefault(); drop.classList.toggle("over", yes); };
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", (event) => {
    over(false)(event);
    one("#files").files = event.dataTransfer.files;
    drop.requestSubmit();
  });
  drop.addEventListener("htmx:xhr:progress", (event) => {
    one("#progress").hidden = false;
    one("#progress").value = 100 * event.detail.loaded / (event.detail.total || 1);
  });
  drop.addEventListener("htmx:afterRequest", () => { one("#progress").hidden = true; drop.reset(); });
}

addEventListener("load", () => {
  if (!chart) return;
  pageReady();
  const hit = one(".paper .hit");
  hit?.scrollIntoView({ block: "center" });
  for (const image of all(".strip img")) watch.observe(image);
  pick(lines()[0], { focus: false, show: !hit });
});
