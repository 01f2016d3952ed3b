// The workstation through a cut: what can honestly be done without the server is kept here and sent
// when it is back, in order, each with its own key and its own time. Nothing is dropped in silence.
import { release } from "./double.js";
import { panel } from "./outbox_panel.js";
import { add, stamp } from "./outbox_store.js";
import { EVERY, become, flying, isBusy, mayBeOld, redraw, soon, status, waiting, watchOthers } from "./outbox_wire.js";
import { wordsOf } from "./outbox_words.js";

const WAIT = 5000; // a gesture without an answer by then is kept: the hall goes on
// They end what is at the desk: the page shows it free. The others leave it as it is.
const ENDS = /\/tickets\/\d+\/(terminer|attente(-guichet|-tous)?|absent)\/$/;
const STAYS = /\/(tickets\/\d+\/(commencer|motif|fiche|parti|et-aussi|personne|motifs\/\d+\/retirer)|poste\/(contact|nouveau|question))\/$/;
const AWAY = [502, 503, 504];
const made = new WeakMap(); // request: when its gesture was made; that it failed is seen later

// The page is not drawn again: the next use of the form is another gesture, with a key of its own.
function renew(form) {
  const key = form.querySelector("[name=form_key]");
  if (key) key.value = Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keeps what this form asked for, and shows the page as it will be.
function keep(form, config, { at, place } = stamp()) {
  const { agent, desk } = panel().dataset;
  const fields = [...config.formData.entries()].filter(([name]) => !["csrfmiddlewaretoken", "next"].includes(name));
  const entry = { agent, desk, url: config.path, fields, at, place, what: wordsOf(form, config) };
  add(entry);
  renew(form);
  release(form);
  document.dispatchEvent(new CustomEvent("parvis:kept", { detail: { form, entry, ends: ENDS.test(entry.url) } }));
  redraw();
  soon(EVERY);
}

const isGesture = (config) => config?.verb === "post" && (ENDS.test(config.path) || STAYS.test(config.path));
// Somebody without a ticket goes away with a number: without one, nothing is noted yet.
const lacksPaper = (config) => /\/nouveau\/$/.test(config.path) && !config.formData.get("paper");

function before(event) {
  const config = event.detail.requestConfig;
  const form = event.detail.elt.closest?.("form");
  if (config?.verb !== "post" || !form?.closest("#poste")) return;
  if (status.state === "up" && !waiting().length) {
    const { xhr } = event.detail;
    xhr.timeout = WAIT;
    made.set(xhr, stamp());
    flying.add(xhr);
    xhr.addEventListener("loadend", () => {
      flying.delete(xhr);
      document.dispatchEvent(new Event("parvis:landed"));
    });
    return;
  }
  event.preventDefault();
  if (isGesture(config) && !lacksPaper(config)) return keep(form, config);
  release(form);
  document.dispatchEvent(new CustomEvent("parvis:impossible", { detail: { form, paper: isGesture(config) } }));
}

// True when a failed gesture is in good hands.
export function takes(event) {
  const { requestConfig: config, xhr } = event.detail;
  const form = event.detail.elt.closest?.("form");
  const silent = !xhr.status || AWAY.includes(xhr.status);
  if (silent) become("out");
  soon(EVERY);
  if (!panel() || !form || config?.verb !== "post") return silent;
  if (!silent && xhr.status !== 403) return false;
  const kept = isGesture(config) && !lacksPaper(config);
  if (kept) keep(form, config, made.get(xhr));
  else if (silent) document.dispatchEvent(new CustomEvent("parvis:impossible", { detail: { form, paper: isGesture(config) } }));
  return kept || silent;
}

// The session ended, or the screen was locked: the gesture waits behind the door.
function answered(event) {
  const { requestConfig: config, xhr } = event.detail;
  const form = event.detail.elt.closest?.("form");
  const sentAway = xhr.getResponseHeader("HX-Refresh") || new URL(xhr.responseURL || location.href).pathname.startsWith("/connexion/");
  if (sentAway && form && isGesture(config)) keep(form, config, made.get(xhr));
}

export function begin() {
  document.addEventListener("htmx:beforeRequest", before);
  document.addEventListener("htmx:beforeOnLoad", answered);
  window.addEventListener("online", () => soon(0));
  window.addEventListener("offline", () => soon(0));
  window.addEventListener("storage", watchOthers);
  document.addEventListener("parvis:stream", () => soon(0));
  window.addEventListener("beforeunload", (event) => {
    if (status.state === "out") event.preventDefault(); // there would be no page to come back to
  });
  redraw();
  if (waiting().length) soon(0);
  else if (mayBeOld()) document.dispatchEvent(new CustomEvent("parvis:back", { detail: { sent: 0 } }));
}

export { isBusy, redraw };
