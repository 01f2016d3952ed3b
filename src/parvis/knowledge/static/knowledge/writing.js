// The editor of a sheet, more comfortable: marks by button, parts moved in place, and what is
// typed kept in this tab until it was saved. Without this module every button still works.
import { addToolbars } from "./toolbar.js";

const form = document.querySelector("[data-parvis-writing]");
const place = form && `parvis-writing:${form.dataset.agent}:${form.dataset.parvisWriting}`;
const typed = () => [...form.elements].filter((field) => field.name && field.matches("input:not([type=hidden], [type=checkbox]), textarea, select:not([multiple])") && !["kind", "reviewer"].includes(field.name));
const words = () => Object.fromEntries(typed().map((field) => [field.name, field.value]));
let atStart = "";

function keep() {
  const now = words();
  if (JSON.stringify(now) === atStart) sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, JSON.stringify({ revision: form.dataset.revision, words: now, sent: false }));
}

function markSent() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  if (kept) sessionStorage.setItem(place, JSON.stringify({ ...kept, sent: true }));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  // Sent, and the text went on: it was saved, or put aside by the server.
  if (!kept || (kept.sent && kept.revision !== form.dataset.revision)) return sessionStorage.removeItem(place);
  let differs = false;
  for (const field of typed()) {
    const before = kept.words[field.name];
    if (before === undefined || before === field.value) continue;
    field.value = before;
    differs = true;
  }
  if (!differs) return sessionStorage.removeItem(place);
  // Typed from an older text: the server will show both side by side.
  form.elements.revision.value = kept.revision;
  const note = form.querySelector("[data-parvis-restored]");
  note.textContent = form.dataset.restored;
  note.hidden = false;
}

function move(button) {
  const part = button.closest("[data-parvis-part]");
  const isUp = button.dataset.parvisMove === "up";
  const other = isUp ? part.previousElementSibling : part.nextElementSibling;
  if (other) (isUp ? other.before(part) : other.after(part));
  button.focus();
}

function showDay(select) {
  const day = select.closest("[data-parvis-part]").querySelector("[data-parvis-until]");
  day.hidden = select.value !== "embargo";
}

function begin() {
  atStart = JSON.stringify(words());
  restore();
  addToolbars(form, keep);
  form.addEventListener("input", keep);
  form.addEventListener("submit", markSent);
  for (const select of form.querySelectorAll("[data-parvis-level]")) {
    showDay(select);
    select.addEventListener("change", () => showDay(select));
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-parvis-move]");
    if (!button) return;
    event.preventDefault();
    move(button);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-parvis-save]"));
  });
}

if (form) begin();
