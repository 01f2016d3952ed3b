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
  document.addEventListener("htmx:afterRequest", (event) => {
    // The form itself: an answer that swaps the page took it away, and the event tells an ancestor.
    const form = (event.detail.requestConfig?.elt ?? event.detail.elt).closest?.("form[method=post]");
    if (form && event.detail.successful && event.detail.xhr.responseText.includes('id="poste"')) forget(form);
  });
  restore();
}
