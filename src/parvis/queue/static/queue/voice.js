// Announces calls one after the other: a chime, then the words, sign by sign. Nothing leaves the
// machine: the browser's own voice, and a chime that is computed.
const REMEMBERED = "parvis-sound";
const waiting = [];
let speaking = false;
let sound = false;
let last = null;

const spelled = (code) => [...code.replace(/\s/g, "")].join(" ");

export function sentence(call, pattern) {
  return pattern.replace("{code}", spelled(call.code)).replace("{desk}", call.desk);
}

function chime() {
  return new Promise((done) => {
    const context = new AudioContext();
    for (const [tone, start] of [[659, 0], [523, 0.28]]) {
      const note = context.createOscillator();
      const volume = context.createGain();
      note.frequency.value = tone;
      volume.gain.setValueAtTime(0.25, context.currentTime + start);
      volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + 0.5);
      note.connect(volume).connect(context.destination);
      note.start(context.currentTime + start);
      note.stop(context.currentTime + start + 0.5);
    }
    setTimeout(() => context.close().then(done, done), 850);
  });
}

function say(words) {
  return new Promise((done) => {
    const speech = new SpeechSynthesisUtterance(words);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.onend = speech.onerror = done;
    speechSynthesis.speak(speech);
    setTimeout(done, 12000); // a voice that hangs must not silence the next call
  });
}

async function speakAll() {
  if (speaking) return;
  speaking = true;
  while (waiting.length) {
    last = waiting.shift();
    last.show();
    const shown = new Promise((done) => setTimeout(done, 3000));
    if (sound) {
      await chime().catch(() => {});
      if ("speechSynthesis" in window) await say(last.words);
    }
    await shown; // each call stays, also when two came together
  }
  speaking = false;
}

export function announce(words, show) {
  waiting.push({ words, show });
  speakAll();
}

export function start(box) {
  const button = box.querySelector("[data-parvis-voice]");
  const set = (on) => {
    sound = on;
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("i").className = `bi bi-volume-${on ? "up" : "mute"}`;
    try { localStorage.setItem(REMEMBERED, on ? "on" : "off"); } catch { /* private mode */ }
  };
  let remembered = "off";
  try { remembered = localStorage.getItem(REMEMBERED) ?? "off"; } catch { /* private mode */ }
  set(remembered === "on");
  button.addEventListener("click", () => {
    set(!sound);
    if (!sound && "speechSynthesis" in window) speechSynthesis.cancel();
  });
  box.querySelector("[data-parvis-replay]").addEventListener("click", () => {
    if (last) announce(last.words, last.show);
  });
  box.hidden = false;
}
