/* The Markdown box: toolbar, shortcuts, preview. */
(() => {
  /** Replace the selection so that the browser's undo still works. */
  portal.insert = (box, text) => {
    box.focus();
    if (!document.execCommand("insertText", false, text)) {
      box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const around = (box, before, after, standIn) => {
    const start = box.selectionStart;
    const chosen = box.value.slice(start, box.selectionEnd) || standIn;
    portal.insert(box, before + chosen + after);
    box.setSelectionRange(start + before.length, start + before.length + chosen.length);
  };

  const lines = (box, mark) => {
    const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const end = box.selectionEnd;
    box.setSelectionRange(start, end);
    const text = box.value.slice(start, end).split("\n").map((line) => mark + line).join("\n");
    portal.insert(box, text);
  };

  const TOOLS = {
    bold: (box) => around(box, "**", "**", "bold"),
    italic: (box) => around(box, "*", "*", "italic"),
    quote: (box) => lines(box, "> "),
    list: (box) => lines(box, "- "),
    code: (box) => (/\n/.test(box.value.slice(box.selectionStart, box.selectionEnd)) ? around(box, "```\n", "\n```", "") : around(box, "`", "`", "code")),
    link: (box) => {
      const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
      if (/^https?:\/\//.test(chosen)) around(box, "[words](", ")", chosen);
      else around(box, "[", "](https://)", "words");
    },
  };

  const boxOf = (element) => element.closest("[data-composer]").querySelector("textarea");

  portal.on("click", "[data-tool]", (event, button) => TOOLS[button.dataset.tool](boxOf(button)));

  portal.on("keydown", "[data-composer] textarea", (event, box) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (tool) {
      event.preventDefault();
      TOOLS[tool](box);
    } else if (event.key === "Enter") {
      event.preventDefault();
      box.form.requestSubmit(box.form.querySelector("button[type=submit]:not([name])"));
    }
  });

  /* The toolbar is one stop; arrows walk inside. */
  portal.on("keydown", "[role=toolbar] button", (event, button) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = portal.all("button", button.parentElement);
    const next = all[(all.indexOf(button) + step + all.length) % all.length];
    for (const one of all) one.tabIndex = one === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  });

  portal.on("click", "[data-view]", async (event, tab) => {
    const frame = tab.closest("[data-composer]");
    const box = frame.querySelector("textarea");
    const place = frame.querySelector("[data-preview]");
    const preview = tab.dataset.view === "preview";
    for (const one of portal.all("[data-view]", frame)) one.setAttribute("aria-pressed", one === tab ? "true" : "false");
    box.hidden = preview;
    place.hidden = !preview;
    if (!preview) return box.focus();
    if (!box.value.trim()) {
      place.replaceChildren(portal.make("p", { class: "soft" }, "Nothing written yet."));
      return;
    }
    try {
      const answer = await portal.post(frame.dataset.previewUrl, { text: box.value });
      if (!answer.ok) throw new Error(answer.status);
      place.replaceChildren(...portal.nodes(await answer.text()));
    } catch {
      place.replaceChildren(portal.make("p", { class: "soft" }, "The preview could not be loaded. Your text is still there under Write."));
    }
  });
})();
