// The kiosk: reads the page aloud, and goes back to the start when nobody is there any more.
const root = document.querySelector("[data-parvis-kiosk]");
const box = document.querySelector("[data-parvis-idle]");
const aloud = document.querySelector("[data-parvis-aloud]");
const voiceless = document.querySelector("[data-parvis-voiceless]");
const language = document.documentElement.lang;
const ASK_AFTER = 60000;
const LEAVE_AFTER = 30000;
const VOICES_WITHIN = 1500; // browsers load their voices late
const isStart = location.pathname + location.search === root.dataset.parvisKiosk;
let asking, leaving;

function words(node) {
  const code = node.dataset.parvisSpell;
  return code ? [...code.replace(/\s/g, "")].join(" ") : node.textContent.trim();
}

const voice = (code = language) =>
  speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(code));
const spoken = (node) => voice(node.closest("[lang]")?.lang || language); // a quote keeps its own

function loaded() {
  return new Promise((done) => {
    if (voice()) done();
    speechSynthesis.addEventListener("voiceschanged", done, { once: true });
    setTimeout(done, VOICES_WITHIN);
  });
}

function stop() {
  speechSynthesis.cancel();
  aloud.setAttribute("aria-pressed", "false");
  document.querySelector(".pv-hall-spoken")?.classList.remove("pv-hall-spoken");
}

async function read() {
  if (aloud.getAttribute("aria-pressed") === "true") return stop();
  await loaded();
  if (!voice()) {
    // Another language's voice would be a mumble: say so, in words.
    voiceless.textContent = voiceless.dataset.words;
    return;
  }
  aloud.setAttribute("aria-pressed", "true");
  const nodes = [...document.querySelectorAll("[data-parvis-read]")]
    .filter((node) => words(node) && spoken(node) && node.getClientRects().length); // not what is folded away
  nodes.forEach((node, place) => {
    const speech = new SpeechSynthesisUtterance(words(node));
    [speech.voice, speech.lang, speech.rate] = [spoken(node), spoken(node).lang, 0.9];
    speech.onstart = () => {
      document.querySelector(".pv-hall-spoken")?.classList.remove("pv-hall-spoken");
      node.classList.add("pv-hall-spoken");
      stay();
    };
    if (place === nodes.length - 1) speech.onend = stop;
    speechSynthesis.speak(speech);
  });
}

function ask() {
  box.append(box.querySelector("template").content.cloneNode(true));
  leaving = setTimeout(() => location.replace(root.dataset.parvisKiosk), LEAVE_AFTER);
}

function stay() {
  clearTimeout(asking);
  clearTimeout(leaving);
  for (const node of [...box.children]) if (node.localName !== "template") node.remove();
  // The start page is where it would go anyway.
  if (!isStart) asking = setTimeout(ask, ASK_AFTER);
}

if ("speechSynthesis" in window) {
  aloud.hidden = false;
  aloud.addEventListener("click", read);
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, stay);
stay();
