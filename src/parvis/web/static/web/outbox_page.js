// What the page shows while the server cannot be reached, and when it is back.
import { clock, panel } from "./outbox_panel.js";
import { forgetLast } from "./outbox.js";

const page = () => document.getElementById("poste");
const copy = (id) => document.getElementById(id).content.cloneNode(true);
let before = null; // the visit as it was, for U
let sent = 0; // not told yet

function say(text, undo) {
  const region = document.getElementById("pv-status");
  const toast = document.createElement("div");
  toast.className = `pv-toast${undo ? "" : " pv-toast-late"}`;
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (undo) toast.append(copy("hors-reseau-annuler"));
  toast.querySelector("button")?.addEventListener("click", takeBack);
  region.replaceChildren(toast);
}

function takeBack() {
  if (!forgetLast()) return;
  if (before) document.getElementById("visite-corps").replaceChildren(...before);
  before = null;
  say(panel().dataset.forgotten);
}

function showEmptyDesk() {
  const body = document.getElementById("visite-corps");
  before = [...body.childNodes];
  const types = document.activeElement.matches("input, select, textarea") && !body.contains(document.activeElement);
  body.replaceChildren(copy("hors-reseau-libre"));
  if (!types) document.getElementById("visite-titre").focus();
}

function showNoted(form, entry) {
  if (form.closest("details.pv-new")) {
    form.reset();
    form.closest("details").open = false;
    form.closest("details").querySelector("summary").focus(); // else the next key is typed into a closed panel
  } else if (entry.url.endsWith("/commencer/")) {
    before = null;
    form.hidden = true;
    for (const tool of document.querySelectorAll("#visite-corps :is([data-parvis-key=r], [data-parvis-key=a])")) tool.closest("form").hidden = true;
  }
}

function onKept({ detail: { form, entry, ends } }) {
  if (ends) showEmptyDesk();
  else showNoted(form, entry);
  say(`${entry.what} · ${clock(entry.at)}. ${panel().dataset.kept}`, true);
}

function onImpossible({ detail: { form, paper } }) {
  say(panel().dataset[paper ? "needsPaper" : "impossible"]);
  if (paper) offerPaper(form).focus();
}

function offerPaper(form) {
  const input = form.querySelector("[name=paper]");
  if (input) return input;
  form.querySelector("[data-parvis-first]")?.closest("div").after(copy("hors-reseau-papier"));
  return form.querySelector("[name=paper]");
}

function onNetwork({ detail: { state } }) {
  const out = state === "out";
  const form = document.querySelector("#nouveau form");
  if (out && form) offerPaper(form);
  else form?.querySelector("[data-parvis-paper]")?.remove();
  for (const input of document.querySelectorAll("#poste :is([name=topic_words], [name=typed])")) {
    if (out) input.setAttribute("list", "hors-reseau-motifs");
    else if (input.getAttribute("list") === "hors-reseau-motifs") input.removeAttribute("list");
  }
}

// Fresh from the server; but never under the hands of somebody who types.
function refresh() {
  if (document.activeElement?.closest("#poste :is(input, textarea, select)")) {
    document.addEventListener("focusout", () => setTimeout(refresh, 50), { once: true });
    return;
  }
  htmx.ajax("GET", location.href, { source: page(), target: "#poste" }).then(tellSent);
}

// After the page: its own messages come with it.
function tellSent() {
  if (sent) say((sent === 1 ? panel().dataset.sentOne : panel().dataset.sentMany).replace("{n}", sent));
  sent = 0;
}

function onBack({ detail }) {
  before = null;
  sent += detail.sent;
  refresh();
}

// Forms outside the page's own regions would leave it, and there is nowhere to go.
function onSubmit(event) {
  const isRegions = event.target.closest("#poste, #poste-barre") && event.target.dataset.hxBoost !== "false";
  if (!panel()?.classList.contains("is-out") || isRegions) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(panel().dataset.impossible);
}

// N with somebody at the desk, or with nobody known: a link of the page, nothing is sent.
function onClick(event) {
  const call = event.target.closest("#appeler[href]");
  if (!call || !panel()?.classList.contains("is-out") || document.querySelector("#visite-corps .pv-visitor")) return;
  event.preventDefault();
  say(panel().dataset.impossible);
}

export function begin() {
  document.addEventListener("parvis:kept", onKept);
  document.addEventListener("parvis:impossible", onImpossible);
  document.addEventListener("parvis:network", onNetwork);
  document.addEventListener("parvis:back", onBack);
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("click", onClick, { capture: true });
}
