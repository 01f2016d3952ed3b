// The workstation through a cut: what can honestly be done without the server is kept here and sent
// when it is back, in order, each with its own key and its own time. Nothing is dropped in silence.
import { release } from "./double.js";
import { add, all, alone, change, remove } from "./outbox_store.js";
import { draw, panel } from "./outbox_panel.js";
import { pulse, send } from "./outbox_send.js";

const WAIT = 5000; // a gesture without an answer by then is kept: the hall goes on
const EVERY = 2500;
const ENDS = /\/tickets\/\d+\/(terminer|attente|absent)\/$/;
const STAYS = /\/(tickets\/\d+\/(commencer|motif|fiche|parti)|poste\/(contact|nouveau))\/$/;
const AWAY = [502, 503, 504];
const status = { state: "up", since: 0 };
let timer = 0;

const mine = () => all(panel()?.dataset.agent).filter((one) => one.desk === panel().dataset.desk);
const waiting = () => mine().filter((one) => one.state === "waiting");
const redraw = () => draw(status, redraw);

function become(state) {
  if (state === "out" && status.state !== "out") status.since = Date.now();
  status.state = state;
  document.dispatchEvent(new CustomEvent("parvis:network", { detail: status }));
  redraw();
}

function wordsOf(form, config) {
  const given = Object.fromEntries(config.formData.entries());
  const button = form.querySelector(`button[value="${CSS.escape(given.outcome ?? "")}"]`) || form.querySelector("button");
  const label = button.querySelector("span:not(.visually-hidden)")?.textContent ?? button.textContent;
  const code = document.querySelector("#visite .pv-ticket-now")?.textContent;
  const typed = given.typed || given.topic_words;
  const about = typed ? [given.paper && `${panel().dataset.paper} ${given.paper}`, typed] : [code];
  return [...about, label].filter(Boolean).map((word) => word.trim()).join(" · ");
}

// The page is not drawn again: the next use of the form is another gesture, with a key of its own.
function renew(form) {
  const key = form.querySelector("[name=form_key]");
  if (key) key.value = Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keeps what this form asked for, and shows the page as it will be.
function keep(form, config) {
  const { agent, desk } = panel().dataset;
  const fields = [...config.formData.entries()].filter(([name]) => !["csrfmiddlewaretoken", "next"].includes(name));
  const entry = { agent, desk, url: config.path, fields, at: new Date().toISOString(), what: wordsOf(form, config) };
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
    event.detail.xhr.timeout = WAIT;
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
  if (kept) keep(form, config);
  else if (silent) document.dispatchEvent(new CustomEvent("parvis:impossible", { detail: { form, paper: isGesture(config) } }));
  return kept || silent;
}

// The session ended, or the screen was locked: the gesture waits behind the door.
function answered(event) {
  const { requestConfig: config, xhr } = event.detail;
  const form = event.detail.elt.closest?.("form");
  const sentAway = xhr.getResponseHeader("HX-Refresh") || new URL(xhr.responseURL || location.href).pathname.startsWith("/connexion/");
  if (sentAway && form && isGesture(config)) keep(form, config);
}

async function settle(entry, server) {
  const answer = await send(entry, server);
  if (answer.tried) change(entry.key, { tries: entry.tries + 1 });
  if (answer.later) return false;
  if (answer.done && !answer.next) remove(entry.key);
  else if (answer.done) change(entry.key, { state: "refused", why: panel().dataset.goesOn, next: answer.next });
  else change(entry.key, { state: "refused", why: answer.words || panel().dataset.lost });
  return true;
}

async function drain() {
  const section = panel();
  if (!section) return;
  const answer = await pulse(section.dataset.pulse);
  const stranger = answer.state === "up" && String(answer.agent) !== section.dataset.agent;
  const wasOut = status.state !== "up";
  become(stranger ? "ended" : answer.state);
  if (status.state !== "up") return soon(EVERY);
  let sent = 0;
  await alone(`${section.dataset.agent}:${section.dataset.desk}`, async () => {
    for (const entry of waiting()) {
      if (!(await settle(entry, answer))) break;
      sent += 1;
      redraw();
    }
  });
  redraw();
  if (waiting().length) soon(EVERY);
  else if (sent || wasOut) document.dispatchEvent(new CustomEvent("parvis:back", { detail: { sent } }));
}

function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(drain, delay * (0.8 + 0.4 * Math.random()));
}

// U, as long as it was not sent: the last gesture is simply forgotten.
export function forgetLast() {
  const last = waiting().at(-1);
  if (!last || status.state === "up") return false;
  remove(last.key);
  redraw();
  return true;
}

// Another tab sent what waited: this one shows what became of it.
function watchOthers(event) {
  redraw();
  if (event.key?.startsWith("parvis-outbox:") && !event.newValue && !isBusy()) {
    document.dispatchEvent(new CustomEvent("parvis:back", { detail: { sent: 0 } }));
  }
}

export const isBusy = () => Boolean(panel()) && waiting().length > 0;

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
}

export { redraw };
