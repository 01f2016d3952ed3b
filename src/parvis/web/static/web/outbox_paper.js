// Out of reach there is the paper roll: its number is asked for, topics are known by heart.
export function offerPaper(form) {
  const input = form.querySelector("[name=paper]");
  if (input) return input;
  form.querySelector("[data-parvis-first]")?.closest("div").after(document.getElementById("hors-reseau-papier").content.cloneNode(true));
  return form.querySelector("[name=paper]");
}

export function onNetwork({ detail: { state } }) {
  const out = state === "out";
  const form = document.querySelector("#nouveau form");
  if (out && form) offerPaper(form);
  else form?.querySelector("[data-parvis-paper]")?.remove();
  for (const input of document.querySelectorAll("#poste :is([name=topic_words], [name=typed])")) {
    if (out) input.setAttribute("list", "hors-reseau-motifs");
    else if (input.getAttribute("list") === "hors-reseau-motifs") input.removeAttribute("list");
  }
}
