// Talk between colleagues: read when the panel is open, a line cleared once it was said. What is
// being typed, here or elsewhere, is never touched: only the list and the count are fetched again.
const panel = () => document.getElementById("collegues");

function read() {
  const form = document.getElementById("mots-lus");
  const unread = form && !form.querySelector("button").hidden;
  if (unread && panel()?.open && !document.hidden) htmx.trigger(form, "submit");
}

export function begin() {
  panel()?.addEventListener("toggle", read);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "mots-liste") read();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches?.("[data-parvis-say]") || !event.detail.successful) return;
    if (!event.detail.xhr.responseURL.includes("/mots/")) return; // refused: the words stay
    form.querySelector("[name=text]").value = "";
    form.querySelector("[name=text]").focus();
  });
}
