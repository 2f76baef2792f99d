/* <details> menus close when something else is wanted; arrows walk; Escape gives the focus back. */
(() => {
  const open = () => portal.all("details[data-menu][open]");
  const items = (menu) => portal.all(".menu-item, .segmented button", menu);

  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  portal.on("keydown", "details[data-menu]", (event, menu) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    menu.open = true;
    const all = items(menu);
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length];
    if (next) next.focus();
  });

  /* The navigation on small screens: the link to #nav becomes a toggle. */
  const toggle = document.querySelector("[data-nav]");
  const nav = document.getElementById("nav");
  if (toggle && nav) {
    toggle.setAttribute("role", "button");
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-controls", "nav");
    const turn = (event) => {
      event.preventDefault();
      const shown = nav.classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", String(shown));
    };
    toggle.addEventListener("click", turn);
    toggle.addEventListener("keydown", (event) => event.key === " " && turn(event));
  }
})();
