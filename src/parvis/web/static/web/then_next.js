// N with somebody at the desk: the outcome is still owed. The key that gives it also calls the next
// person; Escape takes that back.
const form = () => document.querySelector("#visite-corps form:has([name=outcome])");
const hint = () => document.getElementById("suite-aide");
let usual = "";

function arm(link) {
  if (!form() || form().querySelector("[name=then]")) return;
  form().append(Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: "next" }));
  if (!hint()) return;
  usual = hint().textContent;
  hint().textContent = link.dataset.parvisThen;
  hint().setAttribute("role", "status");
  hint().classList.add("pv-armed");
}

function disarm() {
  form()?.querySelector("[name=then]")?.remove();
  if (!hint()?.classList.contains("pv-armed")) return;
  hint().textContent = usual;
  hint().classList.remove("pv-armed");
}

export function begin() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-parvis-then]");
    if (link && !event.defaultPrevented) arm(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") disarm();
  });
}
