/* Suggestions while typing: the ARIA combobox pattern, for inputs (data-suggest-url) and for @mentions in texts. */
(() => {
  let ids = 0;

  /** Attach a list to a box. `ask` answers with the words to look for or null, `choose` gets the picked item. */
  portal.suggest = (box, url, { ask, choose, show, holder = box.parentElement }) => {
    const id = `suggestions-${++ids}`;
    const list = portal.make("ul", { class: "suggestions", id, role: "listbox", "aria-label": "Suggestions", hidden: "" });
    let items = [];
    let at = -1;
    let asked = "";
    holder.classList.add("has-suggestions");
    holder.append(list);
    const single = box.tagName === "INPUT";
    if (single) box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    if (single) box.setAttribute("aria-expanded", "false");

    const close = () => {
      list.hidden = true;
      at = -1;
      if (single) box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      at = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === at ? "true" : "false"));
      const option = list.children[at];
      if (option) {
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const open = (found) => {
      items = found;
      list.replaceChildren(
        ...found.map((item, i) => portal.make("li", { class: "suggestion", role: "option", id: `${id}-${i}`, "aria-selected": "false" }, ...show(item)))
      );
      list.hidden = found.length === 0;
      if (single) box.setAttribute("aria-expanded", found.length ? "true" : "false");
      portal.say(found.length === 1 ? "1 suggestion" : `${found.length} suggestions`);
      mark(single ? -1 : 0);
      if (!found.length) close();
    };
    const look = portal.later(180, async () => {
      const words = ask();
      asked = words;
      if (!words) return close();
      try {
        const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
        if (answer.ok && asked === words && document.activeElement === box) open((await answer.json()).slice(0, 8));
      } catch {
        close();
      }
    });
    const take = (index) => {
      const item = items[index];
      close();
      if (item) choose(item);
    };

    box.addEventListener("input", look);
    box.addEventListener("blur", () => setTimeout(close, 150));
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark((at + step + items.length) % items.length);
      else if ((event.key === "Enter" || (event.key === "Tab" && !single)) && at >= 0) take(at);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) take([...list.children].indexOf(option));
    });
  };

  const twoLines = (first, second) => (second ? [first, portal.make("span", { class: "meta" }, ` ${second}`)] : [first]);

  for (const box of portal.all("input[data-suggest-url]")) {
    portal.suggest(box, box.dataset.suggestUrl, {
      ask: () => (box.value.trim().length > 1 ? box.value.trim() : null),
      show: (item) => twoLines(item.label, item.note),
      choose: (item) => {
        if (item.url) return window.location.assign(item.url);
        box.value = item.value === undefined ? item.label : item.value;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      },
    });
  }

  /* "@ad" before the cursor asks for people; choosing writes @[Name](public_id). */
  const MENTION = /(^|[\s(])@([\p{L}\p{M}][\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]*)?)$/u;
  for (const frame of portal.all("[data-mention-url]")) {
    const box = frame.querySelector("textarea");
    const begun = () => MENTION.exec(box.value.slice(0, box.selectionStart));
    portal.suggest(box, frame.dataset.mentionUrl, {
      holder: frame.querySelector(".composer-box"),
      ask: () => (begun() ? begun()[2] : null),
      show: (item) => twoLines(item.name, item.headline),
      choose: (item) => {
        const start = box.selectionStart - begun()[2].length - 1;
        box.setSelectionRange(start, box.selectionStart);
        portal.insert(box, `@[${item.name}](${item.public_id}) `);
      },
    });
  }
})();
