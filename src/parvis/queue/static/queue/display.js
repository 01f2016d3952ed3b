// The lobby display: every message is the whole state, so nothing depends on one that was missed.
import { announce, sentence, start } from "./voice.js";

const SILENCE = 25000; // the server speaks every ten seconds; longer means that the line is dead
const root = document.querySelector("[data-parvis-display]");
const language = document.documentElement.lang;
const find = (name) => document.querySelector(`[data-parvis-${name}]`);
const clock = (moment) => {
  const options = { hour: "numeric", minute: "2-digit", timeZone: root.dataset.timezone };
  const text = new Date(moment).toLocaleTimeString(language, options);
  return language.startsWith("fr") ? text.replace(":", "\u00a0h\u00a0") : text;
};
const known = new Set();
const key = (call) => `${call.code} ${call.called_at}`;
let source, watchdog, newest = [];

function fill(template, call) {
  const node = find(template).content.firstElementChild.cloneNode(true);
  const [, word, number] = /^(.*?)(?:\s+(\S*\d\S*))?$/.exec(call.desk);
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
    const words = sentence(call, root.dataset.say);
    announce(words, () => { show(call); find("said").textContent = words; });
  }
  if (!fresh.some(recent) && state.calls.length) show(state.calls[0]);
}

function item(code) {
  const li = document.createElement("li");
  li.innerHTML = '<span class="pv-ticket"></span>';
  li.firstChild.textContent = code;
  return li;
}

function row(wait) {
  const box = document.createElement("div");
  const pattern = wait.low_minutes ? root.dataset.range : root.dataset.less;
  box.append(document.createElement("dt"), document.createElement("dd"));
  box.firstChild.textContent = wait.name;
  box.lastChild.textContent = pattern
    .replace("{low}", wait.low_minutes).replace("{high}", wait.high_minutes);
  return box;
}

function render(state) {
  newest = state.calls;
  announceNew(state);
  find("next").replaceChildren(...state.next.map((code) => item(code)));
  find("nobody-waits").hidden = state.next.length > 0;
  find("waits").hidden = state.waits.length === 0;
  find("waits").querySelector("dl").replaceChildren(...state.waits.map(row));
  const message = find("message");
  message.textContent = state.message || message.dataset.usual;
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

start(find("sound"));
connect();
setInterval(() => { find("clock").textContent = clock(Date.now()); }, 5000);
