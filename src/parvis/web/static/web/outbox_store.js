// Gestures that wait for the network, kept in this browser: one entry each, so that two tabs never
// overwrite one another. An entry belongs to an agent and a desk, and goes in the order it came.
const PREFIX = "parvis-outbox:";
const LEASE = 20000;
let lastPlace = 0;

export function all(agent) {
  const found = [];
  for (let place = 0; place < localStorage.length; place += 1) {
    const key = localStorage.key(place);
    if (!key.startsWith(PREFIX)) continue;
    const entry = JSON.parse(localStorage.getItem(key));
    if (!agent || entry.agent === agent) found.push({ ...entry, key });
  }
  return found.sort((one, other) => one.place - other.place);
}

// When a gesture is made and after which others: clocks may jump, places do not.
export function stamp() {
  lastPlace = Math.max(lastPlace, ...all().map((one) => one.place)) + 1;
  return { at: new Date().toISOString(), place: lastPlace };
}

// Throws when the browser keeps nothing (a full or forbidden store): then nothing was noted.
export function add(entry) {
  const key = `${PREFIX}${entry.agent}:${entry.desk}:${entry.place}-${Math.random().toString(36).slice(2, 8)}`;
  localStorage.setItem(key, JSON.stringify({ ...entry, state: "waiting", tries: 0 }));
  return key;
}

export function change(key, changes) {
  const kept = localStorage.getItem(key);
  if (kept) localStorage.setItem(key, JSON.stringify({ ...JSON.parse(kept), ...changes }));
}

export function remove(key) {
  localStorage.removeItem(key);
}

// One tab sends, the others watch.
export async function alone(name, job) {
  const lock = `parvis-outbox-lock:${name}`;
  if (navigator.locks) return navigator.locks.request(lock, { ifAvailable: true }, (mine) => mine && job());
  // Over plain http there are no locks: a lease, and the server refuses doubles in any case.
  const me = Math.random().toString(36);
  const held = () => JSON.parse(localStorage.getItem(lock) || "{}");
  const left = (held().until ?? 0) - Date.now();
  if (left > 0 && left <= LEASE) return undefined;
  localStorage.setItem(lock, JSON.stringify({ me, until: Date.now() + LEASE }));
  await new Promise((resume) => setTimeout(resume, 50));
  if (held().me !== me) return undefined;
  try {
    return await job();
  } finally {
    localStorage.removeItem(lock);
  }
}
