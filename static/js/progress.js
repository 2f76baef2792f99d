/* Long work on the server: the bar moves by itself and the page goes on when it is done. */
(() => {
  for (const frame of portal.all("[data-poll-url]")) {
    const bar = frame.querySelector("progress");
    const words = frame.querySelector(".progress-words");
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(frame.dataset.pollUrl, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const state = await answer.json();
        if (state.url) return window.location.assign(state.url);
        if (state.top) bar.max = state.top;
        if (state.value !== null) bar.value = state.value;
        words.textContent = state.words || "";
      } catch {
        /* Asked again in a moment. */
      }
    };
    setInterval(ask, 2000);
  }
})();
