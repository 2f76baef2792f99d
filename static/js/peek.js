/* The little menu behind the bell: where there is room, the newest notifications open beside it. */
(() => {
  const place = document.querySelector("[data-peek]");
  if (!place) return;
  const bell = place.querySelector("a");
  const close = (focus) => {
    const panel = place.querySelector(".peek");
    if (panel) panel.remove();
    bell.setAttribute("aria-expanded", "false");
    if (focus) bell.focus();
  };
  const open = async () => {
    const answer = await portal.send(place.dataset.peek, undefined, "GET");
    if (!answer.ok) throw new Error(answer.status);
    close();
    const panel = portal.make("div", { class: "menu-list peek", role: "group", "aria-label": "Newest notifications", tabindex: "-1" });
    panel.append(...portal.nodes(await answer.text()));
    place.append(panel);
    bell.setAttribute("aria-expanded", "true");
    panel.focus();
  };
  bell.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !matchMedia("(min-width: 48em)").matches) return;
    event.preventDefault();
    if (place.querySelector(".peek")) close(true);
    else open().catch(() => location.assign(bell.href));
  });
  document.addEventListener("click", (event) => place.contains(event.target) || close());
  document.addEventListener("focusin", (event) => place.contains(event.target) || close());
  place.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
})();
