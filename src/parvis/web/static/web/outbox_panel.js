// What waits for the network, told in words: how many, which, since when, and what was refused.
import { all, remove } from "./outbox_store.js";

export const panel = () => document.querySelector("[data-parvis-outbox]");
const words = (name) => panel().dataset[name] ?? "";

export function clock(moment) {
  const zone = document.querySelector("[data-parvis-clock]")?.dataset.parvisClock;
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const shown = new Date(moment).toLocaleTimeString("en-GB", parts);
  return document.documentElement.lang === "fr" ? shown.replace(/^0/, "").replace(":", "\u00a0h\u00a0") : shown;
}

function line(entry, again) {
  const row = document.getElementById("hors-reseau-geste").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-at]").textContent = clock(entry.at);
  row.querySelector("[data-what]").textContent = entry.what;
  const why = row.querySelector("[data-why]");
  why.textContent = entry.state === "refused" ? entry.why : entry.desk === panel().dataset.desk ? "" : words("elsewhere");
  row.classList.toggle("is-refused", entry.state === "refused");
  const open = row.querySelector("a");
  open.hidden = !entry.next;
  if (entry.next) open.href = entry.next;
  const button = row.querySelector("button");
  button.lastElementChild.textContent = ` ${entry.what}`;
  button.addEventListener("click", () => {
    remove(entry.key);
    again();
  });
  return row;
}

function count(entries, out) {
  if (!entries.length) return out ? words("out") : "";
  const told = entries.filter((one) => one.state === "refused").length;
  if (told === entries.length) return words("told");
  const waiting = entries.length - told;
  return words(waiting === 1 ? "one" : "many").replace("{n}", waiting);
}

export function draw(status, again) {
  const section = panel();
  if (!section) return;
  const { agent } = section.dataset;
  const mine = all(agent);
  const others = all().length - mine.length;
  const out = status.state === "out";
  section.hidden = !(mine.length || others || out);
  section.classList.toggle("is-out", out);
  section.querySelector("h2").textContent = count(mine, out) || words("others").replace("{n}", others);
  section.querySelector("[data-lede-words]").textContent = out
    ? words("lede").replace("{time}", clock(status.since))
    : ["locked", "ended"].includes(status.state)
      ? words(status.state)
      : "";
  section.querySelector("[data-sign-in]").hidden = !["locked", "ended"].includes(status.state);
  section.querySelector("ol").replaceChildren(...mine.map((entry) => line(entry, again)));
}
