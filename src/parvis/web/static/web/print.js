// A button that prints the page; it stays hidden where there is no script, or nothing to print on.
let listening = false;

export function start(root) {
  if (typeof window.print !== "function") return;
  for (const button of root.querySelectorAll("[data-parvis-print]")) button.hidden = false;
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-parvis-print]")) window.print();
  });
}
