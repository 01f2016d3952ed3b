// The line to the server: up, out, locked or ended; and what waits goes out in order when it is back.
import { draw, panel } from "./outbox_panel.js";
import { pulse, send } from "./outbox_send.js";
import { all, alone, change, remove } from "./outbox_store.js";

export const EVERY = 2500;
export const status = { state: "up", since: 0 };
export const flying = new Set(); // requests without an answer yet: what was done after them waits
const SENT = "parvis-sent";
let timer = 0;

const mine = () => all(panel()?.dataset.agent).filter((one) => one.desk === panel().dataset.desk);
export const waiting = () => mine().filter((one) => one.state === "waiting");
export const redraw = () => draw(status, redraw);

export function become(state) {
  if (state === "out" && status.state !== "out") status.since = Date.now();
  status.state = state;
  document.dispatchEvent(new CustomEvent("parvis:network", { detail: status }));
  redraw();
}

async function settle(entry, server) {
  const answer = await send(entry, server);
  if (answer.tried) change(entry.key, { tries: entry.tries + 1 });
  if (answer.later) return false;
  localStorage.setItem(SENT, String(Date.now()));
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
  if (status.state !== "up" || flying.size) return soon(EVERY);
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

export function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(drain, delay * (0.8 + 0.4 * Math.random()));
}

// One that failed late may have others after it.
export const isLast = ({ place }) => waiting().at(-1)?.place === place;

// U, as long as it was not sent: the last gesture is simply forgotten.
export function forgetLast() {
  const last = waiting().at(-1);
  if (!last || status.state === "up") return false;
  remove(last.key);
  redraw();
  return true;
}

// Another tab sent what waited: this one shows what became of it.
export function watchOthers(event) {
  redraw();
  if (event.key?.startsWith("parvis-outbox:") && !event.newValue && !isBusy()) {
    document.dispatchEvent(new CustomEvent("parvis:back", { detail: { sent: 0 } }));
  }
}

export const isBusy = () => Boolean(panel()) && waiting().length > 0;

// The page before this one, or another tab, was still sending while this one was asked for: it may show the state before.
export const mayBeOld = () => Number(localStorage.getItem(SENT)) > performance.timeOrigin;

// Is the server there? Asked before what would leave the page.
export async function isThere() {
  const answer = await pulse(panel().dataset.pulse, 3000);
  if (answer.state === "out") {
    become("out");
    soon(EVERY);
  }
  return answer.state !== "out";
}
