// data-parvis-live="/events/…": a wake-up of the stream makes htmx fetch the region again. The
// message itself is not read, so nothing is lost when some of them never arrive.
const PATIENCE = 8000; // a short cut repairs itself before anybody needs to know
let stream = null;
let doubt = 0;

function doubtful(yes) {
  for (const note of document.querySelectorAll("[data-parvis-stale]")) note.hidden = !yes;
}

export function wake() {
  const region = document.querySelector("[data-parvis-live]");
  if (region) htmx.trigger(region, "parvis:wake");
}

function open(address) {
  stream = new EventSource(address);
  stream.parvisAddress = address;
  // The page says which state of the hall it shows: what happened until the stream opened is new.
  let known = document.querySelector("[data-parvis-live]").dataset.parvisVersion;
  stream.addEventListener("display", (event) => {
    if (known !== event.lastEventId) wake();
    known = event.lastEventId;
  });
  stream.addEventListener("open", () => {
    clearTimeout(doubt);
    doubt = 0;
    doubtful(false);
    if (stream.parvisBroken) wake();
    stream.parvisBroken = false;
    document.dispatchEvent(new Event("parvis:stream"));
  });
  stream.addEventListener("error", () => {
    if (!stream.parvisBroken) document.dispatchEvent(new Event("parvis:stream"));
    stream.parvisBroken = true;
    doubt ||= setTimeout(() => doubtful(true), PATIENCE);
  });
}

export function listen() {
  const address = document.querySelector("[data-parvis-live]")?.dataset.parvisLive;
  if (!address) stream?.close(); // what is over has no news
  if (!address || !("EventSource" in window)) return;
  if (stream?.parvisAddress === address && stream.readyState !== EventSource.CLOSED) return;
  stream?.close();
  open(address);
}
