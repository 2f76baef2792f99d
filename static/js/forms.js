/* Forms: sent once, not left by accident; passwords shown on request. */
(() => {
  const dirty = new Set();

  portal.on("input", "form[data-guard]", (event, form) => dirty.add(form));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-once]") && form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    dirty.delete(form);
    if (event.submitter) event.submitter.classList.add("is-busy");
  });
  /* Coming back with the back button: the form may be sent again. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of portal.all("form[data-sent]")) delete form.dataset.sent;
    for (const button of portal.all(".is-busy")) button.classList.remove("is-busy");
  });
  window.addEventListener("beforeunload", (event) => {
    const lost = [...dirty].some((form) => form.isConnected && !form.querySelector("[data-composer][data-draft-url]"));
    if (lost) event.preventDefault();
  });
  portal.on("click", "[data-leave]", () => dirty.clear());

  portal.on("click", "[data-reveal]", (event, button) => {
    const box = document.getElementById(button.dataset.reveal);
    const shown = box.type === "password";
    box.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
  });
})();
