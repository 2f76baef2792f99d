/* Small acts (thank, save, follow) without leaving the place: the part of the answered page replaces the part here. */
(() => {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-swap]") || event.defaultPrevented) return;
    const item = form.closest("[id]");
    if (!item) return;
    event.preventDefault();
    const button = event.submitter;
    const act = button && button.dataset.act;
    try {
      const answer = await portal.send(form.action, new URLSearchParams(new FormData(form)));
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(item.id);
      const part = form.closest(".post-acts") ? ".post-acts" : null;
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
      delete form.dataset.sent;
      portal.toast("That did not work. Please try again.");
      if (button) button.classList.remove("is-busy");
    }
  });
})();
