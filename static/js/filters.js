/* Filters send themselves when something is chosen, not while somebody types; empty ones stay out of the address. */
(() => {
  /* On phones the groups begin folded, so that the list is near. */
  if (window.matchMedia("(max-width: 52em)").matches) for (const group of portal.all("details.facet")) group.open = false;

  const TYPED = "input[type=text], input[type=search], input[type=number]";
  portal.on("change", "form[data-auto]", (event, form) => {
    if (!event.target.matches(TYPED)) form.requestSubmit(); // a new page would take the keyboard away between two fields
  });
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "" && name !== "q") event.formData.delete(name);
    }
  });
})();
