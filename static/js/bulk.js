/* Tables with chosen rows: choose all, shift for a range, how many are chosen. */
(() => {
  let last = null;
  const boxes = (table) => portal.all("input[name=ids]", table);

  const count = (table) => {
    const chosen = boxes(table).filter((box) => box.checked).length;
    const bar = (table.closest("form") || document).querySelector("[data-bulk-bar]");
    const all = table.querySelector("[data-pick-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === boxes(table).length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
    if (!bar) return;
    bar.classList.toggle("is-used", chosen > 0);
    bar.querySelector("[data-bulk-count]").textContent = chosen ? `${chosen} chosen` : "Nothing chosen yet";
    for (const button of portal.all("button", bar)) button.disabled = chosen === 0;
  };

  portal.on("click", "[data-bulk] input[name=ids]", (event, box) => {
    const all = boxes(box.closest("table"));
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
  portal.on("change", "[data-bulk] input", (event, input) => {
    const table = input.closest("table");
    if (input.matches("[data-pick-all]")) for (const box of boxes(table)) box.checked = input.checked;
    count(table);
  });
  for (const table of portal.all("[data-bulk]")) count(table);
})();
