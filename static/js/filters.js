/* Filters send themselves when something is chosen; empty ones stay out of the address. */
(() => {
  portal.on("change", "form[data-auto]", (event, form) => form.requestSubmit());
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "" && name !== "q") event.formData.delete(name);
    }
  });
})();
