/* Native dialogs: links open them, Escape and the dim ground close them, focus returns by itself. */
(() => {
  portal.on("click", "[data-dialog]", (event, link) => {
    const dialog = document.getElementById(link.dataset.dialog);
    if (!dialog || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  portal.on("click", "dialog [data-close]", (event, button) => button.closest("dialog").close());
  portal.on("mousedown", "dialog", (event, dialog) => {
    if (event.target !== dialog) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
    if (!inside) dialog.close();
  });

  /** A dialog made here: title, content nodes, buttons. */
  portal.dialog = (title, content, buttons = []) => {
    const id = `dialog-${Math.random().toString(36).slice(2)}`;
    const dialog = portal.make("dialog", { class: "dialog", "aria-labelledby": id }, portal.make("div", { class: "dialog-head" }, portal.make("h2", { id }, title)));
    dialog.append(...content, portal.make("div", { class: "form-actions" }, ...buttons));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  };

  /* data-confirm on a form or on one of its buttons: ask first. */
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter;
      const question = (button && button.dataset.confirm) || form.dataset.confirm;
      if (!question || form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      const yes = portal.make("button", { class: "button button-danger", type: "button" }, button ? button.textContent.trim() : "Yes");
      const no = portal.make("button", { class: "button button-secondary", type: "button", "data-close": "" }, "Cancel");
      const dialog = portal.dialog(question, [], [yes, no]);
      yes.addEventListener("click", () => {
        dialog.close();
        form.dataset.confirmed = "1";
        form.requestSubmit(button);
      });
    },
    true
  );
})();
