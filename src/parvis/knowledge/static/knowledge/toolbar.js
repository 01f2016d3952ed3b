// Buttons over a text that put the marks of the light markup around what is selected, or at the
// start of its lines.
const MARKS = {
  bold: { around: ["**", "**"] },
  link: { around: ["[", "](https://)"] },
  list: { start: () => "- " },
  steps: { start: (line) => `${line + 1}. ` },
  heading: { start: () => "### " },
  remark: { start: () => "> " },
};

function put(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  if (mark.around) {
    const chosen = value.slice(start, end);
    area.setRangeText(mark.around[0] + chosen + mark.around[1], start, end, "end");
    if (!chosen) area.selectionStart = area.selectionEnd = start + mark.around[0].length;
  } else {
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(from, end).split("\n");
    area.setRangeText(lines.map((line, n) => mark.start(n) + line).join("\n"), from, end, "end");
  }
  area.focus();
}

export function addToolbars(form, changed) {
  for (const bar of form.querySelectorAll("[data-parvis-toolbar]")) {
    const area = bar.parentElement.querySelector("textarea");
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-parvis-mark]");
      if (!button) return;
      put(area, MARKS[button.dataset.parvisMark]);
      changed();
    });
    bar.hidden = false;
  }
}
