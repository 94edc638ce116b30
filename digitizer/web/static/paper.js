// The light table: one page is chosen, and keys or the toolbar do something with it.
"use strict";

const table = one("#paper");
const leaves = () => all(".leaf", table);
const chosenLeaf = () => one(".leaf[aria-current]", table);
const pageOf = (leaf) => Number(leaf.dataset.page);
const closer = one("#closer");

function chooseLeaf(leaf, { focus = true } = {}) {
  if (!leaf) return;
  for (const other of leaves()) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
  leaf.setAttribute("aria-current", "true");
  leaf.tabIndex = 0;
  if (focus && !closer.open) leaf.focus();
  if (closer.open) lookCloser();
}

const neighbour = (by) => leaves()[leaves().indexOf(chosenLeaf()) + by];

async function act(name, pages, value = "") {
  const page = chosenLeaf() && pageOf(chosenLeaf());
  one("#message").replaceChildren();
  await htmx.ajax("POST", `/scan/${table.dataset.file}/step`, {
    source: table, target: table,
    values: { act: name, pages: JSON.stringify(pages), value, seen: one("#seen").dataset.version },
  });
  tableReady(page);
}

function tableReady(page) {
  for (const image of all("img[data-src]", table)) watch.observe(image);
  chooseLeaf(leaves().find((leaf) => pageOf(leaf) === page) ?? leaves()[0]);
}

// After a page was judged, the next that was not.
async function judge(name, value = "") {
  await act(name, [pageOf(chosenLeaf())], value);
  const list = leaves();
  const at = list.indexOf(chosenLeaf());
  chooseLeaf([...list.slice(at), ...list.slice(0, at)].find((leaf) => !leaf.matches(".good, .again")) ?? list[at]);
}

function askFault() {
  const dialog = one("#dialog-again");
  dialog.onclick = (event) => {
    const button = event.target.closest("[data-fault]");
    if (button) { dialog.close(); inTurn(() => judge("again", button.dataset.fault)); }
  };
  dialog.showModal();
}

function shift(by) {
  const group = JSON.parse(chosenLeaf().closest(".group").dataset.pages);
  const at = group.indexOf(pageOf(chosenLeaf()));
  if (at < 0 || group[at + by] === undefined) return;
  [group[at], group[at + by]] = [group[at + by], group[at]];
  return act("order", group);
}

function join() {
  const before = chosenLeaf().closest(".group").previousElementSibling;
  if (before?.matches(".group")) return act("join", [pageOf(chosenLeaf()), JSON.parse(before.dataset.pages)[0]]);
  say("There is no document before this one.");
}

function lookCloser() {
  const leaf = chosenLeaf();
  one("#closer-title").textContent = `Page ${leaf.dataset.page}`;
  one("#closer-check").textContent = leaf.matches(".good") ? "good" : leaf.matches(".again") ? "to be scanned again" : "not checked yet";
  one("#closer-image").src = one("img", leaf).dataset.src.replace("small", "large");
  if (!closer.open) closer.showModal();
}

const paperActs = {
  good: (button) => button?.dataset.pages ? act("good", JSON.parse(button.dataset.pages)) : judge("good"),
  again: askFault,
  turn: (button) => act("turn", [pageOf(chosenLeaf())], button.dataset.value),
  split: () => act("split", [pageOf(chosenLeaf())]),
  join,
  undo: () => one("[data-act=undo]") && act("undo", [], one("[data-act=undo]").dataset.value),
};
const paperKeys = {
  g: () => paperActs.good(), b: askFault, s: paperActs.split, j: join, u: paperActs.undo,
  t: () => act("turn", [pageOf(chosenLeaf())], "90"), T: () => act("turn", [pageOf(chosenLeaf())], "270"),
  "<": () => shift(-1), ">": () => shift(1),
};
const mayArrange = Boolean(one(".table-tools"));

document.addEventListener("click", (event) => {
  const to = (selector) => event.target.closest(selector);
  if (to("[data-act]")) return inTurn(() => paperActs[to("[data-act]").dataset.act](to("[data-act]")));
  if (to("[data-move]")) return inTurn(() => shift(Number(to("[data-move]").dataset.move)));
  if (to("[data-closer]")) return lookCloser();
  if (to("[data-look]")) return chooseLeaf(neighbour(Number(to("[data-look]").dataset.look)));
  const leaf = to(".leaf");
  if (leaf) leaf.hasAttribute("aria-current") ? lookCloser() : chooseLeaf(leaf);
});
table.addEventListener("submit", (event) => {
  event.preventDefault();
  const place = one("#stow-at").value;
  inTurn(() => act("stow", [], place));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = one("dialog[open]:not(#closer)");
  if (dialog?.id === "dialog-again" && /^[1-9]$/.test(event.key)) { all("[data-fault]", dialog)[Number(event.key) - 1]?.click(); return event.preventDefault(); }
  if (dialog) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) { chooseLeaf(neighbour(by)); return event.preventDefault(); }
  if (mayArrange && keysOn.checked && paperKeys[event.key]) { inTurn(paperKeys[event.key]); event.preventDefault(); }
});

tableReady(Number(new URLSearchParams(location.search).get("page")) || undefined);
