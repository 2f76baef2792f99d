/* Copy a permalink, or the text of data-copy; where the clipboard is closed the link simply opens, and buttons stay hidden. */
(() => {
  const copy = (event, text, done, otherwise) => {
    if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigator.clipboard.writeText(text).then(
      () => portal.toast(done),
      () => portal.toast(`Your browser did not allow that. ${otherwise}`)
    );
  };
  portal.on("click", ".post-number", (event, link) => {
    copy(event, link.href, "Link copied", "The address is in the address bar.");
    if (event.defaultPrevented && link.hash) history.replaceState(null, "", link.hash);
  });
  portal.on("click", "[data-copy]", (event, button) =>
    copy(event, button.dataset.copy, "Copied", "Mark the text and copy it.")
  );
  for (const button of portal.all("[data-copy]")) button.hidden = !navigator.clipboard;
})();
