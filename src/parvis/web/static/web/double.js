// A form is sent once: its buttons wait until the answer is there. The server refuses doubles too.
const GIVE_UP = 10000; // a download never leaves the page, so nothing else would wake its button
let listening = false;

export function release(form) {
  delete form.dataset.parvisPending;
  for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
}

function hold(form) {
  form.dataset.parvisPending = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), GIVE_UP);
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.parvisPending) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    hold(form);
  }
}

export function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) release(form);
  });
  // Coming back by the browser's history shows the page as it was left: waiting.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-parvis-pending]").forEach(release));
}
