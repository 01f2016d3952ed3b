// To the server and back: is it there, who is signed in, and what became of a late gesture.
const PATIENCE = 8000;
let clocks = null; // between which milliseconds the server's clock is ahead of ours
const SIGNAL = (patience = PATIENCE) => (AbortSignal.timeout ? AbortSignal.timeout(patience) : undefined);

// up (with agent, desk and token), out (no answer), locked, or ended (sign in again).
export async function pulse(address, patience) {
  const asked = Date.now();
  let answer;
  try {
    answer = await fetch(address, { headers: { "Parvis-Background": "yes" }, cache: "no-store", signal: SIGNAL(patience) });
  } catch {
    return { state: "out" };
  }
  if (answer.status === 423) return { state: "locked" };
  if (answer.status >= 500) return { state: "out" };
  if (!isJson(answer)) return { state: "ended" };
  const told = await answer.json();
  return { state: "up", ...told, ahead: compareClocks(Date.parse(told.now), asked, Date.now()) };
}

// The fastest answer tells best how far ahead the server's clock is (D. L. Mills, RFC 5905), until a
// later one contradicts it: a clock was set.
function compareClocks(now, asked, came) {
  const seen = { least: now - came, most: now - asked };
  const agrees = clocks && clocks.least <= seen.most && seen.least <= clocks.most;
  if (!agrees || seen.most - seen.least < clocks.most - clocks.least) clocks = seen;
  return (clocks.least + clocks.most) / 2;
}

// {done, words, next}, {later: true} to try again, or {lost: true} when the words are ours. The time
// of the gesture is told by the server's clock: that of the desk may be wrong.
export async function send(entry, { token, ahead }) {
  const body = new URLSearchParams(entry.fields);
  body.set("at", new Date(Date.parse(entry.at) + ahead).toISOString());
  const headers = { "X-CSRFToken": token, "Parvis-Late": "yes" };
  try {
    const answer = await fetch(entry.url, { method: "POST", body, headers, signal: SIGNAL() });
    if (answer.ok && isJson(answer)) return await answer.json();
    // A server that fails again and again on one gesture must not hold back the others.
    if (answer.status === 500) return entry.tries < 2 ? { later: true, tried: true } : { lost: true };
    if (answer.ok || answer.status > 500 || [423, 429].includes(answer.status)) return { later: true };
    return { lost: true };
  } catch {
    return { later: true };
  }
}

function isJson(answer) {
  return (answer.headers.get("Content-Type") || "").startsWith("application/json");
}
