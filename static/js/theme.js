/* Light, dark, or as the device: at once, remembered in a cookie that the server reads before it draws the page. */
(() => {
  for (const form of portal.all("form[data-theme-switch]")) form.hidden = false;
  portal.on("submit", "form[data-theme-switch]", (event, form) => {
    if (!event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of portal.all("button", form)) button.setAttribute("aria-pressed", String(button === event.submitter));
    event.submitter.classList.remove("is-busy");
    if (form.hasAttribute("action")) portal.post(form.action, { theme }).catch(() => {});
  });
})();
