// The lobby display: every message is the whole state, so nothing depends on one that was missed.
import { report } from "./report.js";
import { announce, sentences, start } from "./voice.js";

const SILENCE = 25000; // the server speaks every ten seconds; longer means that the line is dead
const ASLEEP = 30000; // a clock that jumps by so much: the screen slept
const MESSAGE_STAYS = 12000;
const root = document.querySelector("[data-parvis-display]");
const language = document.documentElement.lang;
const patterns = JSON.parse(root.dataset.voices);
const find = (name) => document.querySelector(`[data-parvis-${name}]`);
const inZone = (moment, options) =>
  new Date(moment).toLocaleString(language, { ...options, timeZone: root.dataset.timezone });
const clock = (moment) => {
  const hour = language.startsWith("fr") ? "numeric" : "2-digit";
  const text = inZone(moment, { hour, minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  return language.startsWith("fr") ? text.replace(":", "\u00a0h\u00a0") : text;
};
const day = (moment) => {
  const text = inZone(moment, { weekday: "long", day: "numeric", month: "long", numberingSystem: "latn" });
  return language.startsWith("fr") ? text.replace(/(?<=\s)1(?=\s)/, "1er") : text;
};
const named = (name, names) => names?.[language] || name;
const known = new Set();
const key = (call) => `${call.code} ${call.called_at}`;
let source, watchdog, newest = [], version = 0, messages = [], turn = 0, looked = Date.now();

function fill(template, call) {
  const node = find(template).content.firstElementChild.cloneNode(true);
  const [, word, number] = /^(.*?)(?:\s+(\S*\d\S*))?$/.exec(named(call.desk, call.desk_names));
  node.querySelector(".pv-ticket").textContent = call.code;
  node.querySelector("b, strong").textContent = number ?? "";
  (node.querySelector(".pv-door span") ?? node.querySelector("span:not(.pv-ticket)").firstChild)
    .textContent = `${word} `;
  const time = node.querySelector("time");
  if (time) [time.dateTime, time.textContent] = [call.called_at, clock(call.called_at)];
  return node;
}

function show(call) {
  find("now").replaceChildren(fill("call", call));
  const others = newest.filter((other) => key(other) !== key(call)).slice(0, 3);
  find("earlier").replaceChildren(...others.map((other) => fill("before", other)));
}

function announceNew(state) {
  const first = known.size === 0;
  const fresh = state.calls.filter((call) => !known.has(key(call))).reverse();
  for (const call of state.calls) known.add(key(call));
  known.add("started");
  // Somebody who just switched the screen on, or comes back after days, hears no old calls.
  const recent = (call) => new Date(state.at) - new Date(call.called_at) < (first ? 10000 : 120000);
  for (const call of fresh.filter(recent)) {
    const said = sentences(call, patterns);
    announce(said, () => { show(call); find("said").textContent = said.map(([, words]) => words).join(" "); });
  }
  if (!fresh.some(recent) && state.calls.length) show(state.calls[0]);
}

function item(code) {
  const li = document.createElement("li");
  li.innerHTML = '<span class="pv-ticket" dir="ltr"></span>';
  li.firstChild.textContent = code;
  return li;
}

function row(wait) {
  const box = document.createElement("div");
  const pattern = wait.low_minutes ? root.dataset.range : root.dataset.less;
  box.append(document.createElement("dt"), document.createElement("dd"));
  box.firstChild.textContent = named(wait.name, wait.names);
  box.lastChild.textContent = pattern
    .replace("{low}", wait.low_minutes).replace("{high}", wait.high_minutes);
  return box;
}

function tellOpening({ open, until, next }) {
  const { until: untilWords, open: openWords, next: nextWords, closed } = find("opening").dataset;
  const words = {
    true: until ? untilWords.replace("{time}", clock(until)) : openWords,
    false: next ? nextWords.replace("{day}", day(next)).replace("{time}", clock(next)) : closed,
    null: "",
  };
  find("opening").textContent = words[String(open)];
}

function tellMessage() {
  const message = find("message");
  message.textContent = messages[turn % (messages.length || 1)] || message.dataset.usual;
}

function render(state) {
  newest = state.calls;
  version = state.version;
  announceNew(state);
  find("next").replaceChildren(...state.next.map((code) => item(code)));
  find("nobody-waits").hidden = state.next.length > 0;
  find("waits").hidden = state.waits.length === 0;
  find("waits").querySelector("dl").replaceChildren(...state.waits.map(row));
  tellOpening(state.opening);
  const ofTopics = (state.notices ?? []).filter((notice) => notice.topic).map((notice) => notice.text);
  messages = [state.message, ...ofTopics].filter(Boolean);
  tellMessage();
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
setInterval(() => { turn += 1; tellMessage(); }, MESSAGE_STAYS);
