// What a kept gesture was, in the words of its own form: the ticket, what was chosen, the button.
import { panel } from "./outbox_panel.js";

const chosenIn = (form) => form.querySelector("select")?.selectedOptions[0]?.textContent;

export function wordsOf(form, config) {
  const given = Object.fromEntries(config.formData.entries());
  const button = form.querySelector(`button[value="${CSS.escape(given.outcome ?? "")}"]`) || form.querySelector("button");
  const label = button.querySelector("span:not(.visually-hidden)")?.textContent ?? button.textContent;
  const code = document.querySelector("#visite .pv-ticket-now")?.textContent;
  const typed = given.typed || given.topic_words || given.text;
  const named = [given.first_name, given.last_name].filter(Boolean).join(" ");
  const about = typed ? [given.paper && `${panel().dataset.paper} ${given.paper}`, typed] : [code, given.topic && chosenIn(form), named];
  return [...about, label].filter(Boolean).map((word) => word.replace(/\s+/g, " ").trim()).join(" · ");
}
