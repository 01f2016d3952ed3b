// What is being typed outlives a reload, a locked screen or a new sign-in: kept in this tab, for
// this agent, until it was sent.
const FIELDS = "#poste form[method=post] :is(input[type=text], textarea, select)";
const agent = () => document.querySelector("[data-parvis-outbox]")?.dataset.agent ?? "";
const nameOf = (field) => `parvis-typed:${agent()}:${new URL(field.form.action).pathname}:${field.name}`;

function onInput(event) {
  if (!event.target.matches(FIELDS)) return;
  if (event.target.value) sessionStorage.setItem(nameOf(event.target), event.target.value);
  else sessionStorage.removeItem(nameOf(event.target));
}

function forget(form) {
  for (const field of form.querySelectorAll("input, textarea, select")) sessionStorage.removeItem(nameOf(field));
}

// Was what was typed accepted? A refusal, or a question back, leaves it to be sent again.
function isTaken({ responseText, responseURL }) {
  const asksBack = new URL(responseURL || location.href, location.href).searchParams.has("nouveau");
  return responseText.includes('id="poste"') && !responseText.includes("pv-toast-late") && !asksBack;
}

// Of another agent who worked in this tab: nobody's business.
function forgetOthers() {
  const ours = `parvis-typed:${agent()}:`;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("parvis-typed:") && !key.startsWith(ours)) sessionStorage.removeItem(key);
}

export function restore() {
  forgetOthers();
  for (const field of document.querySelectorAll(FIELDS)) {
    const kept = sessionStorage.getItem(nameOf(field));
    if (!kept || field.value === kept || field === document.activeElement) continue;
    field.value = kept;
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  }
}

export function begin() {
  document.addEventListener("input", onInput);
  document.addEventListener("parvis:kept", (event) => forget(event.detail.form));
  // Before the page is drawn anew, or restore() would put the words of one visitor into the form of the next.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig?.elt.closest?.("form[method=post]");
    if (form && !detail.isError && isTaken(detail.xhr)) forget(form);
  });
  restore();
}
