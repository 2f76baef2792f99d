/* Nothing typed is lost: a copy in this browser at once, on the server after 3 s of quiet, offered again on return. */
(() => {
  const PAUSE = 3000;
  const KEEP = 180 * 86400e3;
  const store = {
    get: (key) => {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        /* Full or forbidden: the server's copy remains. */
      }
    },
    drop: (key) => {
      try {
        localStorage.removeItem(key);
      } catch {
        /* See above. */
      }
    },
  };

  for (const frame of portal.all("[data-composer]")) {
    const box = frame.querySelector("textarea");
    const form = box.form;
    const state = frame.querySelector("[data-draft-state]");
    const offer = frame.querySelector("[data-draft-offer]");
    const url = frame.dataset.draftUrl;
    const key = `draft:${frame.dataset.draftKey || location.pathname + "#" + box.name}`;
    const title = form && form.elements.title;
    const fresh = box.value === "";

    const saveThere = portal.later(PAUSE, async () => {
      if (!url || form.dataset.sent) return;
      try {
        const body = JSON.stringify({ text: box.value, title: title ? title.value : "" });
        const answer = await portal.send(url, body, "PUT", { "Content-Type": "application/json" });
        state.textContent = answer.ok ? "Draft saved" : "Draft kept in this browser";
      } catch {
        state.textContent = "Draft kept in this browser";
      }
    });
    const save = () => {
      if (box.value.trim()) store.set(key, { text: box.value, at: Date.now() });
      else store.drop(key);
      state.textContent = url ? "" : "Draft kept in this browser";
      saveThere();
    };
    const fill = (text) => {
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    };

    /* Sent last time and the box came back empty: it arrived. Came back filled: the server showed errors. */
    const kept = store.get(key);
    if (kept && (kept.sent ? fresh : Date.now() - kept.at > KEEP)) store.drop(key);
    else if (kept && fresh && kept.text !== box.dataset.serverDraft) {
      const use = portal.make("button", { class: "button button-secondary button-small", type: "button" }, "Carry on with it");
      const drop = portal.make("button", { class: "button button-quiet button-small", type: "button" }, "Throw it away");
      const note = portal.make("div", { class: "composer-draft" }, portal.make("p", {}, "A draft of yours is still in this browser."), use, drop);
      use.addEventListener("click", () => {
        fill(kept.text);
        note.remove();
      });
      drop.addEventListener("click", () => {
        store.drop(key);
        note.remove();
        box.focus();
      });
      frame.querySelector(".composer-box").append(note);
    }
    if (offer) {
      offer.querySelector("[data-draft-use]").addEventListener("click", () => {
        fill(box.dataset.serverDraft);
        offer.remove();
      });
    }
    box.addEventListener("input", save);
    if (title) title.addEventListener("input", saveThere);
    if (form) form.addEventListener("submit", () => store.set(key, { text: box.value, at: Date.now(), sent: true }));
  }
})();
