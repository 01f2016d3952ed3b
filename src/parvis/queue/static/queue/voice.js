// Announces calls one after the other: a chime, then the words, sign by sign, in each language of
// the display. Nothing leaves the machine: the browser's own voices, and a chime that is computed.
const REMEMBERED = "parvis-sound";
const waiting = [];
let speaking = false;
let sound = false;
let last = null;

const spelled = (code) => [...code.replace(/\s/g, "")].join(" ");
const isIn = (language) => (voice) => voice.lang.toLowerCase().startsWith(language);
const voices = () => ("speechSynthesis" in window ? speechSynthesis.getVoices() : []);

// In each language of the display, its own first: [["fr", "Ticket E 4 2, Guichet 3"], …].
export function sentences(call, patterns) {
  return Object.entries(patterns).map(([language, pattern]) => [
    language,
    pattern.replace("{code}", spelled(call.code))
      .replace("{desk}", call.desk_names?.[language] || call.desk),
  ]);
}

// The languages for which this machine has no voice.
export function voiceless(patterns) {
  return Object.keys(patterns).filter((language) => !voices().some(isIn(language)));
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

function say([language, words]) {
  const voice = voices().find(isIn(language));
  // A voice of another language would make a mumble of it: the chime and the screen say it.
  if (!voice) return Promise.resolve();
  return new Promise((done) => {
    const speech = new SpeechSynthesisUtterance(words);
    [speech.voice, speech.lang, speech.rate] = [voice, voice.lang, 0.9];
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
      for (const words of last.said) await say(words);
    }
    await shown; // each call stays, also when two came together
  }
  speaking = false;
}

export function announce(said, show) {
  waiting.push({ said, show });
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
    if (last) announce(last.said, last.show);
  });
  voices(); // asks the browser to load them
  box.hidden = false;
}
