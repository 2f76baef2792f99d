/* "3 min ago" stays true while the page is open; the words are those of portal/core/jinja.py. */
(() => {
  const DAY = 86400;
  const words = (at) => {
    const seconds = Math.round((at - Date.now()) / 1000);
    const far = Math.abs(seconds);
    if (far < 60) return seconds <= 0 ? "just now" : "in a moment";
    if (far < DAY) {
      const amount = far < 3600 ? `${Math.floor(far / 60)} min` : `${Math.floor(far / 3600)} h`;
      return seconds > 0 ? `in ${amount}` : `${amount} ago`;
    }
    const days = Math.trunc(seconds / DAY);
    if (Math.abs(days) > 30) return null;
    if (Math.abs(days) === 1) return days > 0 ? "tomorrow" : "yesterday";
    return days > 0 ? `in ${days} days` : `${-days} days ago`;
  };
  setInterval(() => {
    if (document.hidden) return;
    for (const time of portal.all("time[title][datetime*=T]")) {
      const text = words(Date.parse(time.dateTime));
      if (text && time.childNodes.length === 1 && time.textContent !== text) time.textContent = text;
    }
  }, 60000);
})();
