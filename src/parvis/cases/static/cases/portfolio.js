// [data-parvis-rows]: a list walked with J and K; X chooses the row, A all of them. The buttons
// [data-parvis-row] carry the keys (keys.js) and work by themselves.
const list = document.querySelector("[data-parvis-rows]");
const rows = list ? [...list.querySelectorAll("tr, [data-parvis-item]")] : [];
const told = document.querySelector("[data-parvis-chosen]");
const kept = `parvis-row:${location.pathname}`;
let current = -1;

const boxOf = (row) => row.querySelector("input[type=checkbox]");
const linkOf = (row) => row.querySelector("a");
const caseOf = (row) => linkOf(row)?.pathname ?? "";

function tell() {
  const chosen = rows.filter((row) => boxOf(row)?.checked).length;
  if (!told) return;
  told.hidden = !chosen;
  told.querySelector("strong").textContent = chosen;
}

function go(place) {
  current = Math.max(0, Math.min(rows.length - 1, place));
  const link = rows[current] && linkOf(rows[current]);
  link?.focus();
  rows[current]?.scrollIntoView({ block: "nearest" });
}

const acts = {
  next: () => go(current + 1),
  previous: () => go(current - 1),
  choose: () => {
    if (current < 0) go(0);
    const box = rows[current] && boxOf(rows[current]);
    if (box) box.checked = !box.checked;
  },
  all: () => {
    const some = rows.some((row) => boxOf(row) && !boxOf(row).checked);
    for (const row of rows) if (boxOf(row)) boxOf(row).checked = some;
  },
};

for (const button of document.querySelectorAll("[data-parvis-row]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    acts[button.dataset.parvisRow]();
    tell();
  });
}
list?.addEventListener("change", tell);
list?.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr, [data-parvis-item]");
  if (!row) return;
  current = rows.indexOf(row);
  sessionStorage.setItem(kept, caseOf(row));
});
// Back from a case: where one was.
const was = sessionStorage.getItem(kept);
const place = was ? rows.findIndex((row) => caseOf(row) === was) : -1;
if (place >= 0 && document.activeElement === document.body) go(place);
tell();
