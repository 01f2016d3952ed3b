// The kiosk by switch. One switch: a mark goes from target to target, any key chooses. Two
// switches: the first (space, tab, arrows) moves the mark, the second (enter) chooses.
const root = document.querySelector("[data-parvis-scan]");
const alone = root.dataset.parvisScan === "1";
const STEP = 1800;
const FIRST = 2600; // time to see the new page
const CHOOSES = alone ? null : new Set(["Enter", "2"]);
const BACK = new Set(["ArrowLeft", "ArrowUp"]);
const IGNORED = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"]);
let marked = null, timer, held = false;

// What can be touched, the page before its head: languages come last.
function targets() {
  const idle = root.querySelector("[data-parvis-idle]");
  const found = (where) => [...where.querySelectorAll("a[href], button, summary, input[type=radio]")]
    .filter((node) => !node.disabled && node.getClientRects().length > 0);
  const asked = found(idle);
  if (asked.length) return asked;
  const isTool = (node) => node.closest(".pv-hall-tools") !== null;
  const page = found(root);
  const tools = page.filter(isTool);
  return [...page.filter((node) => !isTool(node)), ...tools, ...found(document.querySelector("header"))];
}

function mark(node) {
  marked?.closest("label, a, button, summary")?.classList.remove("pv-hall-marked");
  marked = node;
  const shown = node.closest("label, a, button, summary") ?? node;
  shown.classList.add("pv-hall-marked");
  node.focus({ preventScroll: true });
  shown.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = targets();
  if (!all.length) return;
  const place = all.indexOf(marked);
  mark(all[place < 0 ? 0 : (place + step + all.length) % all.length]);
}

function run(delay) {
  clearTimeout(timer);
  if (alone) timer = setTimeout(() => { move(1); run(STEP); }, delay);
}

addEventListener("keydown", (event) => {
  if (IGNORED.has(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat || held) return; // a switch that is held chooses once
  held = true;
  if (alone || CHOOSES.has(event.key)) {
    if (marked?.isConnected) marked.click();
    run(FIRST);
  } else {
    move(BACK.has(event.key) ? -1 : 1);
  }
}, { capture: true });
addEventListener("keyup", () => { held = false; }, { capture: true });
addEventListener("pageshow", () => { move(1); run(FIRST); });
