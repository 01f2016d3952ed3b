// A button that prints the page; it stays hidden where there is no script to do it.
let listening = false;

export function start(root) {
  for (const button of root.querySelectorAll("[data-parvis-print]")) button.hidden = false;
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-parvis-print]")) window.print();
  });
}
