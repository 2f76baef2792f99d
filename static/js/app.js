/* What the other scripts share. Loaded first: the bundle is alphabetical. Pages work without any of this. */
(() => {
  const portal = (window.portal = {});

  /** One listener for all present and future elements that match. */
  portal.on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const found = event.target instanceof Element && event.target.closest(selector);
      if (found) act(event, found);
    });

  portal.all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /** An element with attributes and children; text only ever as text. */
  portal.make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  portal.later = (wait, act) => {
    let timer = 0;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => act(...args), wait);
    };
  };

  /** A request to our own house, with the page's CSRF token. */
  portal.send = (url, body, method = "POST", headers = {}) => {
    const token = document.querySelector("input[name=csrf_token]");
    return fetch(url, {
      method,
      body,
      credentials: "same-origin",
      headers: { "X-CSRFToken": token ? token.value : "", "X-Requested-With": "fetch", ...headers },
    });
  };
  portal.post = (url, fields) => portal.send(url, new URLSearchParams(fields));

  /** The nodes of a piece of HTML that our server made safe; scripts in it never run. */
  portal.nodes = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];

  portal.say = (text) => {
    const place = document.querySelector("[data-say]");
    if (place) place.textContent = text;
  };

  portal.toast = (text) => {
    const place = document.querySelector("[data-toasts]");
    if (!place) return;
    const toast = portal.make("p", { class: "toast" }, text);
    place.append(toast);
    setTimeout(() => toast.remove(), 5000);
  };

  portal.isTyping = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  /** Show what needs scripts, hide what stands in for them. */
  portal.wake = (root = document) => {
    for (const element of portal.all("[data-js]", root)) element.hidden = false;
    for (const element of portal.all("[data-reveal]", root)) element.hidden = false;
    for (const element of portal.all("[data-no-js]", root)) element.classList.add("is-off");
  };

  portal.wake();
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
