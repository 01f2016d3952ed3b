// What the page shows while the server cannot be reached, and when it is back.
import { clock, panel } from "./outbox_panel.js";
import { offerPaper, onNetwork } from "./outbox_paper.js";
import { forgetLast, isLast } from "./outbox_wire.js";

const page = () => document.getElementById("poste");
const copy = (id) => document.getElementById(id).content.cloneNode(true);
let before = null; // the visit as it was, for U
let sent = 0; // not told yet
const LATE = 1500; // milliseconds in which an answer that was under way still comes
const SHOWN = 250; // and then shows what it says, see toast.js

const region = () => document.getElementById("pv-status");

function toastOf(text, undo) {
  const toast = document.createElement("div");
  toast.className = `pv-toast${undo ? "" : " pv-toast-late"}`;
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (undo) toast.append(copy("hors-reseau-annuler"));
  toast.querySelector("button")?.addEventListener("click", takeBack);
  return toast;
}

export function say(text, undo) {
  region().replaceChildren(toastOf(text, undo));
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
  const folded = form.closest("details:is(.pv-new, #et-aussi, #personne)");
  if (folded) {
    form.reset();
    folded.open = false;
    folded.querySelector("summary").focus(); // else the next key is typed into a closed panel
  } else if (entry.url.endsWith("/retirer/")) {
    form.hidden = true;
  } else if (entry.url.endsWith("/commencer/")) {
    before = null;
    form.hidden = true;
    for (const tool of document.querySelectorAll("#visite-corps :is([data-parvis-key=r], [data-parvis-key=a])")) tool.closest("form").hidden = true;
  }
}

function onKept({ detail: { form, entry, ends } }) {
  if (ends) showEmptyDesk();
  else showNoted(form, entry);
  say(`${entry.what} · ${clock(entry.at)}. ${panel().dataset.kept}`, isLast(entry));
}

function onImpossible({ detail: { form, paper } }) {
  say(panel().dataset[paper ? "needsPaper" : "impossible"]);
  if (paper) offerPaper(form).focus();
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
  if (!sent) return;
  const words = (sent === 1 ? panel().dataset.sentOne : panel().dataset.sentMany).replace("{n}", sent);
  sent = 0;
  say(words);
  // An answer that was under way may bring messages of its own over it: then both are read.
  const beside = () => setTimeout(() => region().textContent.includes(words) || region().append(toastOf(words)), SHOWN);
  document.addEventListener("htmx:afterSettle", beside);
  setTimeout(() => document.removeEventListener("htmx:afterSettle", beside), LATE);
}

function onBack({ detail }) {
  before = null;
  sent += detail.sent;
  refresh();
}

export function begin() {
  document.addEventListener("parvis:kept", onKept);
  document.addEventListener("parvis:impossible", onImpossible);
  document.addEventListener("parvis:network", onNetwork);
  document.addEventListener("parvis:back", onBack);
}
