// The lobby display: every message is the whole state, so nothing depends on one that was missed.
import { awaited, clock, day, draw, find, key, nextWaits, root, show, turnMessage, turnWaits } from "./display_show.js";
import { report } from "./report.js";
import { announce, sentences, start } from "./voice.js";

const SILENCE = 25000; // the server speaks every ten seconds; longer means that the line is dead
const ASLEEP = 30000; // a clock that jumps by so much: the screen slept
const MESSAGE_STAYS = 12000;
const WAITS_STAY = 8000;
const patterns = JSON.parse(root.dataset.voices);
const known = new Set();
let source, watchdog, version = 0, looked = Date.now();

function announceNew(state) {
  const first = known.size === 0;
  const fresh = state.calls.filter((call) => !known.has(key(call))).reverse();
  for (const call of state.calls) known.add(key(call));
  known.add("started");
  // Somebody who just switched the screen on, or comes back after days, hears no old calls.
  const recent = (call) => new Date(state.at) - new Date(call.called_at) < (first ? 10000 : 120000);
  for (const call of fresh.filter(recent)) {
    const said = sentences(call, patterns);
    announce(said, () => { if (awaited(call)) show(call); find("said").textContent = said.map(([, words]) => words).join(" "); });
  }
  if (!fresh.some((call) => recent(call) && awaited(call))) show(awaited());
}

function render(state) {
  version = state.version;
  draw(state);
  announceNew(state);
}

function connect() {
  clearTimeout(watchdog);
  source?.close();
  source = new EventSource(root.dataset.parvisDisplay);
  const soon = (delay) => { clearTimeout(watchdog); watchdog = setTimeout(lost, delay); };
  const lost = () => { find("lost").hidden = false; connect(); };
  source.addEventListener("display", (event) => {
    soon(SILENCE);
    find("lost").hidden = true;
    render(JSON.parse(event.data));
  });
  source.onerror = () => {
    find("lost").hidden = false;
    // The browser tries again by itself, except after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) soon(2000 + Math.random() * 2000);
  };
  soon(4000 + Math.random() * 1000);
}

function tick() {
  const now = Date.now();
  find("clock").textContent = clock(now);
  find("day").textContent = day(now);
  if (now - looked > ASLEEP) connect(); // awake again: what came meanwhile is in one snapshot
  looked = now;
}

start(find("sound"));
connect();
report(root, () => version, connect);
addEventListener("online", connect);
setInterval(tick, 5000);
setInterval(turnMessage, MESSAGE_STAYS);
setInterval(nextWaits, WAITS_STAY);
addEventListener("resize", turnWaits);
