// A display tells what it shows, so that the manager sees a screen that sleeps, and finds out
// itself when it fell behind or when its page is an old one.
import { voiceless } from "./voice.js";

const EVERY = 60000;
const JITTER = 15000; // 2,000 screens switched on together do not speak at once for ever
const TIME_TO_CATCH_UP = 5000;

async function tell(root, version) {
  const lacks = voiceless(JSON.parse(root.dataset.voices)).join(" ");
  const body = new URLSearchParams({ version, voiceless: lacks });
  const answer = await fetch(root.dataset.report, { method: "POST", body, credentials: "omit" });
  return answer.ok ? answer.json() : null;
}

export function report(root, shown, reconnect) {
  const again = () => setTimeout(round, EVERY + Math.random() * JITTER);
  async function round() {
    const known = await tell(root, shown()).catch(() => null);
    again();
    if (known === null) return;
    if (known.page !== root.dataset.page) {
      setTimeout(() => location.reload(), Math.random() * JITTER);
    } else if (known.version > shown()) {
      setTimeout(() => { if (known.version > shown()) reconnect(); }, TIME_TO_CATCH_UP);
    }
  }
  setTimeout(round, 3000 + Math.random() * 4000);
}
