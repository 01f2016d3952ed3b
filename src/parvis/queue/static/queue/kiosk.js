// The kiosk: reads the page aloud, and goes back to the start when nobody is there any more.
const root = document.querySelector("[data-parvis-kiosk]");
const box = document.querySelector("[data-parvis-idle]");
const aloud = document.querySelector("[data-parvis-aloud]");
const ASK_AFTER = 60000;
const LEAVE_AFTER = 30000;
const isStart = location.pathname === root.dataset.parvisKiosk && !location.search;
let asking, leaving;

function words(node) {
  const code = node.dataset.parvisSpell;
  return code ? [...code.replace(/\s/g, "")].join(" ") : node.textContent.trim();
}

function read() {
  speechSynthesis.cancel();
  for (const node of document.querySelectorAll("[data-parvis-read]")) {
    if (!words(node)) continue;
    const speech = new SpeechSynthesisUtterance(words(node));
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speechSynthesis.speak(speech);
  }
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
