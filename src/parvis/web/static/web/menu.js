// A menu made of <details> also closes by Escape and by a click elsewhere.
let listening = false;

export function start() {
  if (listening) return;
  listening = true;
  const open = () => document.querySelector(".pv-menu[open]");
  document.addEventListener("click", (event) => {
    const menu = open();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = open();
    if (event.key !== "Escape" || !menu) return;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  });
}
