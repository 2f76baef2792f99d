/* On a narrow screen tabs scroll sideways: the present one is brought into sight. */
(() => {
  for (const tab of portal.all(".tabs [aria-current], .side-tabs [aria-current]")) {
    const list = tab.closest("ul");
    const beyond = tab.offsetLeft + tab.offsetWidth - list.offsetLeft - list.clientWidth;
    if (beyond > 0) list.scrollLeft = beyond + 24;
  }
})();
