// Loads a behaviour when the page has its hook, now and after every swap by htmx.
const BEHAVIOURS = [
  ["[data-parvis-key], [data-parvis-keys-help]", () => import("./keys.js")],
  ["form[method=post]", () => import("./double.js")],
  ["[data-parvis-toast]", () => import("./toast.js")],
  [".pv-menu", () => import("./menu.js")],
  ["[data-parvis-print]", () => import("./print.js")],
];

async function wake(root) {
  for (const [hook, load] of BEHAVIOURS) {
    if (root.querySelector(hook)) (await load()).start(document);
  }
}

wake(document);
document.addEventListener("htmx:afterSettle", () => wake(document));
