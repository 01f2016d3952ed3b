// data-parvis-key="n" on a button, a link or a field: the key presses or focuses it.
// Silent while somebody types, except for function keys and Escape; single characters can be
// switched off (WCAG 2.1.4) on the page of display preferences.
import { toggleHelp } from "./keys_help.js";

const NO_TYPING = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
let listening = false;

function isTyping(element) {
  if (element.matches("textarea, select, [contenteditable]")) return true;
  return element.matches("input") && !NO_TYPING.includes(element.type);
}

function nameOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  // On a French keyboard the digits of the upper row need Shift: the place of the key counts.
  return digit ? digit[1] : event.key.toLowerCase();
}

function isUsable(element) {
  const shown = element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
  return shown && !element.disabled && element.getAttribute("aria-disabled") !== "true";
}

function holder(name) {
  const found = document.querySelectorAll(`[data-parvis-key="${CSS.escape(name)}"]`);
  return [...found].find(isUsable);
}

function press(element) {
  // A panel that is open already: its first field, or the next letters would be taken for keys.
  const first = element.matches("details[open] > summary") && element.parentElement.querySelector("[data-parvis-first]");
  if (first) {
    first.focus();
  } else if (element.matches("input:not([type=submit]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function isAllowed(event, name) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return false;
  if (/^f\d+$/.test(name) || name === "escape") return true;
  return !isTyping(event.target) && document.documentElement.dataset.parvisShortcuts !== "off";
}

function onKey(event) {
  if (event.defaultPrevented || !event.key) return;
  const name = nameOf(event);
  if (!isAllowed(event, name)) return;
  const element = holder(name) || holder(event.key.toLowerCase());
  if (element) {
    event.preventDefault();
    press(element);
  } else if (name === "escape" && isTyping(event.target)) {
    event.target.blur();
  }
}

export function start(root) {
  for (const button of root.querySelectorAll("[data-parvis-keys-help]")) button.hidden = false;
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-parvis-keys-help]");
    if (button) toggleHelp(button);
  });
}
