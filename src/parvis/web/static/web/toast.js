// A toast is read aloud, counts its ten seconds (not while somebody is on it) and can be dismissed.
const SECONDS = 10;
const READ_AFTER = 120; // the live region has to be there before its message, even on a fresh page
const known = new WeakSet();
let latest = 0; // the answer whose messages are shown

function closeButton(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pv-toast-close";
  button.setAttribute("aria-label", document.getElementById("pv-status").dataset.close);
  button.innerHTML = '<i class="bi bi-x-lg" aria-hidden="true"></i>';
  button.addEventListener("click", () => toast.remove());
  return button;
}

function count(toast) {
  let left = SECONDS;
  let held = false;
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => (held = true));
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, () => (held = false));
  const bar = document.createElement("progress");
  bar.className = "pv-toast-time";
  bar.max = SECONDS;
  bar.value = SECONDS;
  bar.setAttribute("aria-hidden", "true");
  toast.append(bar);
  const clock = setInterval(() => {
    if (held || document.hidden) return;
    left -= 1;
    bar.value = left;
    if (left > 0 && toast.isConnected) return;
    clearInterval(clock);
    toast.remove();
  }, 1000);
}

function show(toast) {
  known.add(toast);
  toast.append(closeButton(toast));
  if (!toast.classList.contains("pv-toast-late")) count(toast); // a refusal stays until it was read
  const region = toast.parentElement;
  const mine = latest;
  // Another answer came meanwhile: its message stands alone, and U takes back what it tells.
  const isPast = () => mine !== latest || [...region.children].some((other) => !known.has(other));
  toast.remove();
  setTimeout(() => isPast() || region.append(toast), READ_AFTER);
}

export function start(root) {
  const toasts = [...root.querySelectorAll("#pv-status [data-parvis-toast]")];
  const fresh = toasts.filter((toast) => !known.has(toast));
  if (fresh.length > 0) latest += 1;
  fresh.forEach(show);
}
