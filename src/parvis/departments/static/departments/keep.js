// data-parvis-keep="agent": what is typed in this form outlives a reload or a new sign-in, in this
// tab, for this agent. It is forgotten on the first page that shows that it was sent.
const forms = document.querySelectorAll("form[data-parvis-keep]");
const sent = sessionStorage.getItem("parvis-kept-sent");

if (sent && (sent !== location.pathname || !forms.length)) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("parvis-kept:") && key.includes(`:${sent}:`)) sessionStorage.removeItem(key);
  sessionStorage.removeItem("parvis-kept-sent");
}
for (const form of forms) {
  const nameOf = (field) => `parvis-kept:${form.dataset.parvisKeep}:${location.pathname}:${field.name}`;
  for (const field of form.querySelectorAll("textarea")) {
    if (!field.value) field.value = sessionStorage.getItem(nameOf(field)) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(nameOf(field), field.value));
  }
  form.addEventListener("submit", () => sessionStorage.setItem("parvis-kept-sent", location.pathname));
}
