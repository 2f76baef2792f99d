/* Keys that forum people expect. Never while typing; off for all by data-shortcuts on <body>, for one browser in the help. */
(() => {
  const HELP = [
    [["j", "k"], "next and previous on the page"], [["o"], "open it"], [["/"], "search"], [["c"], "new topic"],
    [["r"], "reply"], [["q"], "quote"], [["l"], "thank"], [["e"], "edit"], [["!"], "report"],
    [["g", "h"], "go home"], [["g", "u"], "go to unread"], [["g", "b"], "go to the boards"], [["g", "p"], "go to people"], [["g", "n"], "go to news"], [["?"], "this list"],
  ];
  const ACTS = { r: "reply", q: "quote", l: "like", e: "edit", "!": "report" };
  const PLACES = { h: "home", u: "unread", b: "boards", p: "people", n: "news" };
  const isOff = () => document.body.dataset.shortcuts === "off" || localStorage.getItem("shortcuts") === "off";
  let here = null;
  let went = 0;

  const visible = (element) => element && element.getClientRects().length > 0;
  const click = (selector, root = document) => {
    const found = portal.all(selector, root)[0];
    if (!found) return false;
    const menu = found.closest("details:not([open])");
    if (menu) menu.open = true;
    found.click();
    return true;
  };
  const move = (step) => {
    const items = portal.all("[data-item]").filter(visible);
    if (!items.length) return;
    const middle = items.findIndex((item) => item.getBoundingClientRect().bottom > 80);
    const at = here && items.includes(here) ? items.indexOf(here) + step : Math.max(0, middle);
    const next = items[Math.min(Math.max(at, 0), items.length - 1)];
    if (here) here.classList.remove("is-here");
    here = next;
    here.classList.add("is-here");
    if (!here.querySelector("[data-open]")) here.tabIndex = -1;
    (here.querySelector("[data-open]") || here).focus({ preventScroll: true });
    here.scrollIntoView({ block: "nearest" });
  };
  const help = () => {
    const list = portal.make("dl", { class: "shortcut-list" });
    for (const [keys, words] of HELP) {
      list.append(portal.make("dt", {}, ...keys.flatMap((key, i) => (i ? [" ", portal.make("kbd", {}, key)] : [portal.make("kbd", {}, key)]))), portal.make("dd", {}, words));
    }
    const off = portal.make("button", { class: "button button-quiet", type: "button", "data-close": "" }, isOff() ? "Turn on here" : "Turn off here");
    off.addEventListener("click", () => {
      localStorage.setItem("shortcuts", isOff() ? "on" : "off");
      portal.toast(isOff() ? "Shortcuts are off in this browser" : "Shortcuts are on");
    });
    const close = portal.make("button", { class: "button button-primary", type: "button", "data-close": "" }, "Close");
    portal.dialog("Keyboard shortcuts", [list], [close, off]);
  };

  const act = (key) => {
    if (Date.now() - went < 1500 && PLACES[key]) {
      went = 0;
      const place = portal.all(`[data-go="${PLACES[key]}"]`)[0];
      return place ? (place.click(), true) : key === "h" && (window.location.assign("/"), true);
    }
    if (key === "g") went = Date.now();
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "o") return here && click("[data-open]", here);
    else if (key === "/") {
      const box = portal.all("input[type=search]").find(visible);
      if (box) box.focus();
      else click(".top-find");
    } else if (key === "?") help();
    else if (key === "c") return click('[data-key="c"]');
    else if (ACTS[key]) {
      if (here && click(`[data-act="${ACTS[key]}"]`, here)) return true;
      const box = key === "r" && document.querySelector("[data-composer] textarea");
      if (box) box.focus();
      return Boolean(box);
    } else return false;
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (portal.isTyping(event.target) || document.querySelector("dialog[open]") || isOff()) return;
    if (act(event.key)) event.preventDefault();
  });
  portal.on("click", '[data-key="?"]', help);
  portal.on("focusin", "[data-item]", (event, item) => {
    here = item;
  });
})();
