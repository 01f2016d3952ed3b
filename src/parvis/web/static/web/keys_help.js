// The keys of this page, read from the page itself, in a panel that blocks nothing.
function wordsOf(element) {
  if (element.dataset.parvisKeyWords) return element.dataset.parvisKeyWords;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  const copy = (element.labels?.[0] || element).cloneNode(true);
  copy.querySelectorAll("kbd, [aria-hidden=true]").forEach((part) => part.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function fill(list) {
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-parvis-key]")) {
    if (!visible(element) || element.matches("[data-parvis-keys-help]")) continue;
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    const words = document.createElement("dd");
    cap.className = "pv-key";
    cap.textContent = element.dataset.parvisKey.length > 3 ? element.dataset.parvisKey : element.dataset.parvisKey.toUpperCase();
    words.textContent = wordsOf(element);
    term.append(cap);
    row.append(term, words);
    list.append(row);
  }
}

function build() {
  const template = document.getElementById("pv-keys-help");
  const panel = template.content.firstElementChild.cloneNode(true);
  document.body.append(panel);
  return panel;
}

export function toggleHelp(opener) {
  const panel = document.querySelector(".pv-keys-panel") || build();
  const close = () => {
    panel.close();
    opener.focus();
  };
  if (panel.open) return close();
  fill(panel.querySelector("dl"));
  panel.show();
  panel.querySelector("button").focus();
  panel.querySelector("button").onclick = close;
  panel.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
}
