// The workstation: focus where the work goes on, the live line, the clock; the page works without.
import * as kept from "./kept_words.js";
import { listen, wake } from "./live.js";
import * as outbox from "./outbox.js";
import * as outboxGuard from "./outbox_guard.js";
import * as outboxPage from "./outbox_page.js";
import { flying } from "./outbox_wire.js";
import * as talk from "./talk.js";
import * as thenNext from "./then_next.js";

const page = () => document.getElementById("poste");
const heading = () => document.getElementById("visite-titre");
let left = ""; // the heading when the last gesture was sent
let isAnswered = false; // and the page shows its answer, but the focus did not follow yet
let hasNews = false; // of the hall, which waits for the answer to a gesture
let verb = ""; // of the request whose answer is being shown

function fail(event) {
  if (outbox.takes(event)) return;
  const region = document.getElementById("pv-status");
  const toast = document.createElement("div");
  toast.className = "pv-toast pv-toast-late";
  toast.textContent = page().dataset.parvisFailed;
  region.replaceChildren(toast);
}

function tick() {
  const clock = document.querySelector("[data-parvis-clock]");
  if (!clock) return;
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.parvisClock };
  const words = new Date().toLocaleTimeString("en-GB", parts);
  const isFrench = document.documentElement.lang === "fr";
  clock.textContent = isFrench ? words.replace(/^0/, "").replace(":", "\u00a0h\u00a0") : words;
}

function compare() {
  if (outbox.isBusy()) return; // the page shows what was noted here; the server does not know yet
  const known = document.querySelector("[data-parvis-visit-shown]")?.dataset.parvisVisitShown ?? "";
  const now = document.querySelector("[data-parvis-visit]")?.dataset.parvisVisit ?? "";
  const note = document.querySelector("[data-parvis-changed]");
  if (note) note.hidden = known === now;
  else if (known !== now) htmx.ajax("GET", location.href, { source: page(), target: "#poste" });
}

function beforeRequest({ detail: { requestConfig, target } }) {
  if (requestConfig.verb === "post" && target.id === "poste") left = heading()?.textContent;
}

function beforeSwap(event) {
  const { xhr, target, isError } = event.detail;
  verb = event.detail.requestConfig?.verb;
  if (isError) return;
  if (flying.size && isNews(event.detail)) {
    hasNews = true;
    event.detail.shouldSwap = false;
    return;
  }
  if (verb === "post" && target.id === "poste") isAnswered = true;
  // The same answers once more: nothing is read out again, nobody loses their place.
  if (target.id === "reponses-liste" && target.dataset.parvisMark === xhr.getResponseHeader("Parvis-Mark")) event.detail.shouldSwap = false;
  // Another page answered (sign-in, a case): go there instead of showing a part of it here.
  const isPart = ["file-tete", "motifs", "mots-liste", "question-deja", "reponses-liste"].includes(target.id);
  if (isPart || xhr.responseText.includes('id="poste"')) return;
  event.detail.shouldSwap = false;
  const there = new URL(xhr.responseURL || location.href, location.href);
  // After signing in again: back to the page, where a gesture that was kept is sent.
  if (there.searchParams.has("next")) there.searchParams.set("next", location.pathname);
  location.assign(there);
}

// News that took away the form of a gesture under way would take away what becomes of it: its
// answer, or that there is none.
const isNews = ({ target, requestConfig }) => target.id === "file-tete" || (verb === "get" && requestConfig.elt === page());

function onLanded() {
  if (!hasNews || flying.size) return;
  hasNews = false;
  wake();
}

// A page that is merely fetched again takes no message away before it was read.
function beforeOob(event) {
  const { target, fragment } = event.detail;
  if (target.id === "pv-status" && verb === "get" && !fragment.querySelector(".pv-toast")) event.detail.shouldSwap = false;
  // As many wait online as before: nothing is read out again.
  if (target.id === "en-ligne" && target.textContent === fragment.textContent) event.detail.shouldSwap = false;
}

function afterSettle(event) {
  const { target } = event.detail;
  tick();
  if (target.id === "file-tete") return compare();
  if (target.id !== "poste" && event.target.id !== "poste") return;
  listen();
  outbox.redraw();
  kept.restore();
  if (isLost() || isLargeChange()) heading()?.focus();
  isAnswered = false;
}

const isLost = () => !document.activeElement || document.activeElement === document.body;

// A gesture that changed the visitor leads to them, except somebody who types elsewhere by now.
// News of the hall may bring the same page before the answer, or right over it.
function isLargeChange() {
  if (!isAnswered || heading()?.textContent === left) return false;
  return !document.activeElement.matches("input, select, textarea");
}

// At once, not after the browser's own toggle: whoever presses F2 types the next letter already.
function onClick(event) {
  const panel = event.target.closest("summary")?.parentElement;
  const first = panel?.querySelector("[data-parvis-first]");
  if (!first) return;
  event.preventDefault();
  panel.open = !panel.open;
  if (panel.open) first.focus();
}

document.addEventListener("click", onClick);
document.addEventListener("parvis:landed", onLanded);
document.addEventListener("htmx:beforeRequest", beforeRequest);
document.addEventListener("htmx:beforeSwap", beforeSwap);
document.addEventListener("htmx:oobBeforeSwap", beforeOob);
document.addEventListener("htmx:afterSettle", afterSettle);
document.addEventListener("htmx:responseError", fail);
document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:timeout", fail);
outboxPage.begin(); // listens to what the outbox tells
outboxGuard.begin();
outbox.begin();
kept.begin();
talk.begin();
thenNext.begin();
setInterval(tick, 10000);
tick();
listen();
