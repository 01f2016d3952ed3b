// What the lobby display shows of a state: calls, who is next, waits, opening, messages.
export const root = document.querySelector("[data-parvis-display]");
const language = document.documentElement.lang;
export const find = (name) => document.querySelector(`[data-parvis-${name}]`);
const inZone = (moment, options) =>
  new Date(moment).toLocaleString(language, { ...options, timeZone: root.dataset.timezone });
export const clock = (moment) => {
  const hour = language.startsWith("fr") ? "numeric" : "2-digit";
  const text = inZone(moment, { hour, minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });
  return language.startsWith("fr") ? text.replace(":", "\u00a0h\u00a0") : text;
};
export const day = (moment) => {
  const text = inZone(moment, { weekday: "long", day: "numeric", month: "long", numberingSystem: "latn" });
  return language.startsWith("fr") ? text.replace(/(?<=\s)1(?=\s)/, "1er") : text;
};
const named = (name, names) => names?.[language] || name;
export const key = (call) => `${call.code} ${call.called_at}`;
let newest = [], messages = [], turn = 0, firstWait = 0, nextWait = 0;

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

// Somebody who is still on the way to a desk, the latest first; nothing when nobody is.
export const awaited = (call) =>
  newest.find((one) => one.awaited && (!call || key(one) === key(call)));

export function show(call) {
  const nobody = () => find("nobody").content.firstElementChild.cloneNode(true);
  find("now").replaceChildren(call ? fill("call", call) : nobody());
  const others = newest.filter((other) => !call || key(other) !== key(call)).slice(0, 3);
  find("earlier").replaceChildren(...others.map((other) => fill("before", other)));
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

// The next message to everyone waiting, when there are several.
export function turnMessage() {
  turn += 1;
  tellMessage();
}

// The waits that fit are shown whole; the others take their turn, and the count says so.
export function turnWaits() {
  const list = find("waits").querySelector("dl");
  const rows = [...list.children];
  for (const line of rows) line.hidden = false;
  if (firstWait >= rows.length) firstWait = 0;
  for (const line of rows.slice(0, firstWait)) line.hidden = true;
  const end = list.getBoundingClientRect().bottom + 1;
  const rest = rows.slice(firstWait);
  const over = rest.findIndex((line, n) => n > 0 && line.getBoundingClientRect().bottom > end);
  const next = over < 0 ? rows.length : firstWait + over;
  for (const line of rows.slice(next)) line.hidden = true;
  const turns = firstWait > 0 || next < rows.length;
  const range = next - firstWait > 1 ? `${firstWait + 1}\u2013${next}` : `${next}`;
  find("waits-shown").textContent = turns ? `${range} / ${rows.length}` : "";
  nextWait = next;
}

export function nextWaits() {
  firstWait = nextWait;
  turnWaits();
}

export function draw(state) {
  newest = state.calls;
  find("next").replaceChildren(...state.next.map((code) => item(code)));
  find("nobody-waits").hidden = state.next.length > 0;
  find("waits").hidden = state.waits.length === 0;
  find("waits").querySelector("dl").replaceChildren(...state.waits.map(row));
  turnWaits();
  tellOpening(state.opening);
  const ofTopics = (state.notices ?? []).filter((notice) => notice.topic).map((notice) => notice.text);
  messages = [state.message, ...ofTopics].filter(Boolean);
  tellMessage();
}
