// The page of one's own ticket follows the hall by itself; without script, it reloads. On request it
// rings: a notification of the browser, a sound that is computed here, a vibration.
import { listen } from "./live.js";

const REMEMBERED = "parvis-bell";
const bell = document.querySelector("[data-parvis-bell]");
const usual = document.title;
let sound = null;

const standing = () => document.getElementById("etat");
const state = () => standing()?.dataset.parvisState;
const isNear = () => state() === "waiting" && Number(standing().dataset.parvisAhead) <= Number(bell.dataset.near);
const level = () => (state() === "called" ? 2 : isNear() ? 1 : 0);
let told = bell ? level() : 0;

function chime() {
  if (sound?.state !== "running") return;
  for (const [tone, start] of [[659, 0], [523, 0.3], [659, 0.6]]) {
    const note = sound.createOscillator();
    const volume = sound.createGain();
    note.frequency.value = tone;
    volume.gain.setValueAtTime(0.3, sound.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + 0.5);
    note.connect(volume).connect(sound.destination);
    note.start(sound.currentTime + start);
    note.stop(sound.currentTime + start + 0.5);
  }
}

function ring(words) {
  chime();
  navigator.vibrate?.([300, 150, 300]);
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const body = standing().querySelector(".pv-big")?.textContent ?? "";
    new Notification(words, { body, tag: "parvis-ticket" });
  } catch {
    // Some telephones only know notifications of installed pages: sound and vibration remain.
  }
}

function look() {
  const now = level();
  const words = now === 2 ? bell.dataset.called : bell.dataset.close;
  document.title = now ? `${words} · ${usual}` : usual;
  if (now > told && bell.querySelector("button").getAttribute("aria-pressed") === "true") ring(words);
  told = state() === "waiting" || state() === "called" ? now : told;
}

async function arm() {
  bell.querySelector("button").setAttribute("aria-pressed", "true");
  bell.querySelector("[data-parvis-bell-on]").hidden = false;
  sound ??= new AudioContext();
  await sound.resume().catch(() => {});
  sessionStorage.setItem(REMEMBERED, location.pathname);
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
}

// What only serves who waits goes with the waiting; the question of the end has come with the state.
function settle() {
  if (document.querySelector("[data-parvis-live]")) return;
  for (const one of document.querySelectorAll("[data-parvis-waiting]")) one.remove();
  listen(); // closes the stream: what is over has no news
}

listen();
document.addEventListener("htmx:afterSettle", settle);
if (bell) {
  bell.hidden = false;
  bell.querySelector("button").addEventListener("click", arm);
  if (sessionStorage.getItem(REMEMBERED) === location.pathname) arm();
  document.addEventListener("htmx:afterSettle", look);
}
