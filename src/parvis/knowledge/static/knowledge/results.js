// data-parvis-results="id" on a search field: arrows walk through the links of that list, Escape
// comes back to the field. Without it, Tab and Enter do the same.
function links(field) {
  const list = document.getElementById(field.dataset.parvisResults);
  return [...list.querySelectorAll(".pv-results a[href]")];
}

function step(field, event) {
  const found = links(field);
  const place = found.indexOf(document.activeElement);
  if (event.key === "Escape" && place >= 0) return field;
  if (event.key === "ArrowDown") return found[place + 1];
  if (event.key === "ArrowUp" && place >= 0) return found[place - 1] || field;
  return null;
}

document.addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-parvis-results]");
  const inside = field && (event.target === field || links(field).includes(event.target));
  const next = inside ? step(field, event) : null;
  if (!next) return;
  event.preventDefault();
  next.focus();
});
