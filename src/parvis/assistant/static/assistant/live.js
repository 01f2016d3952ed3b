// A conversation between two people. The stream says that something changed and htmx fetches the
// exchange again; what is being typed is never touched, outlives a reload, and is sent when the
// network is back: the key of the form gives it one effect.
import { listen } from "../web/live.js";

const EVERY = 3000; // between two signs that keys are touched
const form = () => document.querySelector("[data-parvis-write]");
const words = () => form()?.querySelector("[name=text]");
const kept = `parvis-conversation:${location.pathname}`;
let said = 0;

// In a frame a browser may refuse to keep anything: then what was typed lives as long as the page.
function keep(text) {
  try {
    if (text === null) sessionStorage.removeItem(kept);
    else sessionStorage.setItem(kept, text);
  } catch {
    return;
  }
}

function typedBefore() {
  try {
    return sessionStorage.getItem(kept) ?? "";
  } catch {
    return "";
  }
}

function unsent(yes) {
  const note = form()?.querySelector("[data-parvis-unsent]");
  if (note) note.hidden = !yes;
}

function sendAgain() {
  if (waits() && words().value) htmx.trigger(form(), "submit");
}

function typed() {
  keep(words().value);
  if (Date.now() - said < EVERY) return;
  said = Date.now();
  const body = new FormData();
  const token = form().querySelector("[name=csrfmiddlewaretoken]");
  if (token) body.set(token.name, token.value);
  fetch(form().dataset.parvisSign, { method: "POST", body }).catch(() => {});
}

function down() {
  const log = document.querySelector(".pv-scroll-log");
  if (log) log.scrollTop = log.scrollHeight;
}

// The page is drawn for one state: once it is another one, everything around the exchange is
// fetched too, without leaving the page: a cut at that moment must not end in a page of the browser.
const drawn = () => document.getElementById("echanges")?.dataset.parvisState;
let state = drawn();
let renewing = false;
let wrote = false; // the cursor stood in the message
const waits = () => form()?.querySelector("[data-parvis-unsent]")?.hidden === false;
const sending = () => waits() || Boolean(form()?.classList.contains("htmx-request"));
function settle() {
  down();
  if (drawn() === state || renewing || sending()) return;
  renewing = true;
  const all = { target: "#contenu", select: "#contenu", swap: "outerHTML show:none" };
  const done = () => (renewing = false);
  htmx.ajax("GET", location.pathname + location.search, all).then(done, done);
}

function begin() {
  state = drawn();
  listen();
  down();
  for (const part of document.querySelectorAll("[data-parvis-with-script]")) part.hidden = false;
  const over = document.querySelector("[data-parvis-kept]");
  if (over && typedBefore()) {
    over.querySelector("textarea").value = typedBefore();
    over.hidden = false;
  }
  if (words()) words().value ||= typedBefore();
  if (wrote) words()?.focus();
  wrote = false;
}

begin();
document.addEventListener("input", (event) => event.target === words() && typed());
document.addEventListener("keydown", (event) => {
  if (event.target !== words()) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form().requestSubmit();
});
// A message on its way keeps its form: what is not sent yet must not be drawn over.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "contenu") return;
  const elsewhere = new URL(event.detail.xhr.responseURL).pathname !== location.pathname;
  if (elsewhere) location.reload(); // signed out meanwhile: that page is not a part of this one
  event.detail.shouldSwap = !elsewhere && !sending();
  wrote = document.activeElement === words();
});
document.addEventListener("htmx:afterSettle", (event) => (event.detail.elt?.id === "contenu" ? begin() : settle()));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("[data-parvis-write]") && event.detail.elt !== form()) return;
  if (!event.detail.successful) return unsent(event.detail.xhr.status === 0);
  unsent(false);
  words().value = "";
  keep(null);
  const sheet = form().querySelector("[name=ref]");
  if (sheet) sheet.value = "";
  words().focus();
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.elt === form()) location.reload(); // refused: the page says why, the words are kept
});
window.addEventListener("online", sendAgain);
document.addEventListener("parvis:stream", sendAgain);
