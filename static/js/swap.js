/* Small acts (thank, save, follow) without leaving the place: the part of the answered page replaces the part here. */
(() => {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    const item = button && button.matches(".act[formaction]") && button.closest("[id]");
    if (!item || event.defaultPrevented) return;
    event.preventDefault();
    const act = button.dataset.act;
    const fields = new FormData(form);
    /* The page stays, so each press needs a one-time key of its own. */
    fields.set("once_key", crypto.getRandomValues(new Uint32Array(4)).join(""));
    try {
      const answer = await portal.send(button.formAction, new URLSearchParams(fields));
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(item.id);
      const part = button.closest(".post-acts") ? ".post-acts" : null;
      const [from, to] = part ? [item.querySelector(part), fresh && fresh.querySelector(part)] : [item, fresh];
      if (!to) throw new Error("not on the page");
      from.replaceWith(document.importNode(to, true));
      portal.wake();
      const again = document.getElementById(item.id).querySelector(act ? `[data-act="${act}"]` : "button");
      if (again) {
        again.focus();
        portal.say(again.textContent.trim());
      }
    } catch {
      portal.toast("That did not work. Please try again.");
    }
    delete form.dataset.sent;
    button.classList.remove("is-busy");
  });
})();
