// Plays the day again: presses "five minutes later" once a second until the day is over.
const PACE = 900;
let timer = null;

const button = () => document.querySelector("[data-parvis-play]");
const later = () => document.querySelector("[data-parvis-later]");

function show() {
  const found = button();
  if (!found) return;
  found.hidden = !later();
  found.setAttribute("aria-pressed", String(timer !== null));
  found.querySelector("i").className = `bi bi-${timer === null ? "play" : "pause"}-fill`;
}

function stop() {
  clearInterval(timer);
  timer = null;
  show();
}

function step() {
  const link = later();
  if (link) link.click();
  else stop();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-parvis-play]")) return;
  if (timer !== null) return stop();
  timer = setInterval(step, PACE);
  step();
  show();
});
document.addEventListener("htmx:afterSettle", () => (later() ? show() : stop()));
document.addEventListener("htmx:responseError", stop);
document.addEventListener("htmx:sendError", stop);
show();
