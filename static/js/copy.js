/* Copy a permalink, or the text of data-copy; where the clipboard is closed the link simply opens. */
(() => {
  const copy = (event, text, done) => {
    if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigator.clipboard.writeText(text).then(
      () => portal.toast(done),
      () => portal.toast("Your browser did not allow that. The address is in the address bar.")
    );
  };
  portal.on("click", ".post-number", (event, link) => {
    copy(event, link.href, "Link copied");
    if (event.defaultPrevented && link.hash) history.replaceState(null, "", link.hash);
  });
  portal.on("click", "[data-copy]", (event, button) => copy(event, button.dataset.copy, "Copied"));
})();
