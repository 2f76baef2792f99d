/* Characters left, said aloud only near the end. */
(() => {
  for (const box of portal.all("[data-count]")) {
    const top = Number(box.getAttribute("maxlength"));
    if (!top) continue;
    const line = portal.make("p", { class: "counter" });
    /* Let people type past the end and cut by themselves: nothing is swallowed. */
    box.removeAttribute("maxlength");
    box.after(line);
    const count = () => {
      const left = top - [...box.value].length;
      line.textContent = left < 0 ? `${-left} too many` : `${left.toLocaleString("en")} left`;
      line.classList.toggle("counter-over", left < 0);
      if (left === 20 || left === 0 || left === -1) portal.say(line.textContent);
    };
    box.addEventListener("input", count);
    count();
  }
})();
