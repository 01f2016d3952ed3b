// What would leave the page in a cut: there would be nowhere to go, and no page to come back to.
import { release } from "./double.js";
import { say } from "./outbox_page.js";
import { panel } from "./outbox_panel.js";
import { isThere } from "./outbox_wire.js";

const isOut = () => panel()?.classList.contains("is-out");
const sure = new WeakSet(); // forms of which we know that the server is there

// Forms outside the page's own regions (undo, lock) are sent by the browser itself: the server is
// asked first whether it is there, or the browser would show its own page of the first seconds.
async function onSubmit(event) {
  const form = event.target;
  const isSwapped = form.dataset.hxBoost !== "false" && form.closest("[data-hx-boost=true], [data-hx-post]");
  if (!panel() || form.method !== "post" || sure.delete(form)) return;
  if (isSwapped && (!isOut() || form.closest("#poste, #poste-barre"))) return; // outbox.js looks after it
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  const there = !isOut() && (await isThere());
  release(form); // it was not sent yet
  if (!there) return say(panel().dataset.notNow);
  sure.add(form);
  form.requestSubmit(button);
}

// N with somebody at the desk, or with nobody known: a link of the page, nothing is sent.
function onClick(event) {
  const call = event.target.closest("#appeler[href]");
  if (!call || !isOut() || document.querySelector("#visite-corps .pv-visitor")) return;
  event.preventDefault();
  say(panel().dataset.impossible);
}

export function begin() {
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("click", onClick, { capture: true });
}
