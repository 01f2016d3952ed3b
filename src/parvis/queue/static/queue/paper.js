// The sheet of paper numbers by keyboard: a time is written out when it is typed, and what is
// typed survives a page that is left by mistake until it is kept.
const form = document.querySelector("[data-parvis-paper]");
const KEY = `parvis-paper ${new FormData(form).get("site")}`;
const times = /^(arrived|called|ended)-/;
const fields = () => [...form.elements].filter((one) => /^\w+-\d+$/.test(one.name));

function written(text) {
  const found = /^\s*(\d{1,2})\s*[:hH.,]?\s*(\d{2})\s*$/.exec(text);
  return found && Number(found[1]) < 24 && Number(found[2]) < 60 ? `${found[1]}:${found[2]}` : text;
}

function keep() {
  const typed = Object.fromEntries(fields().map((one) => [one.name, one.value]));
  try { sessionStorage.setItem(KEY, JSON.stringify(typed)); } catch { /* private mode */ }
}

function restore() {
  let typed = {};
  try { typed = JSON.parse(sessionStorage.getItem(KEY) ?? "{}"); } catch { /* nothing kept */ }
  if (fields().some((one) => times.test(one.name) && one.value)) return; // the server gave it back
  for (const one of fields()) if (typed[one.name]) one.value = typed[one.name];
}

function forget() {
  try { sessionStorage.removeItem(KEY); } catch { /* private mode */ }
}

form.addEventListener("input", keep);
form.addEventListener("change", (event) => {
  if (times.test(event.target.name)) event.target.value = written(event.target.value);
  keep();
});
if (document.querySelector("[data-parvis-toast]")) forget(); // just kept
else restore();
