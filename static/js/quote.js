/* Quote the chosen words, or the whole post, into the page's composer; reply sets whom it answers. */
(() => {
  const composer = () => document.querySelector("[data-composer] textarea");

  const chosen = (post) => {
    const selection = window.getSelection();
    const inside = selection.rangeCount && post.querySelector(".post-text").contains(selection.getRangeAt(0).commonAncestorContainer);
    return inside ? selection.toString().trim() : "";
  };
  const whole = async (post) => {
    if (post.dataset.rawUrl) {
      const answer = await fetch(post.dataset.rawUrl);
      if (answer.ok) return (await answer.text()).trim();
    }
    return post.querySelector(".post-text").innerText.trim();
  };
  /* "Ada Moreau, 7", out of "Post 7 by Ada Moreau". */
  const said = (post) => post.ariaLabel.replace(/^Post (\d+) by (.*)$/, "$2, $1");
  const answerTo = (post) => {
    const field = composer().form.elements.reply_to;
    if (field) field.value = post.querySelector(".post-number").pathname.split("/").pop();
    portal.say(`Replying to ${said(post)}`);
  };
  const quote = async (post) => {
    const box = composer();
    const text = chosen(post) || (await whole(post));
    const link = post.querySelector(".post-number").getAttribute("href");
    const lines = [`[${said(post)}](${link}):`, ...text.split("\n")].map((line) => `> ${line}`.trimEnd());
    answerTo(post);
    box.setSelectionRange(box.value.length, box.value.length);
    portal.insert(box, `${box.value.trim() ? "\n\n" : ""}${lines.join("\n")}\n\n`);
    box.scrollIntoView({ block: "center" });
  };

  portal.on("click", ".post [data-act=quote]", (event, link) => {
    if (!composer() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    quote(link.closest(".post"));
  });
  portal.on("click", ".post [data-act=reply]", (event, link) => {
    const box = composer();
    if (!box || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    answerTo(link.closest(".post"));
    box.scrollIntoView({ block: "center" });
    box.focus();
  });

  /* A quote button beside chosen words. */
  const float = portal.make("button", { class: "button button-primary button-small quote-float", type: "button", hidden: "" }, "Quote");
  document.body.append(float);
  float.addEventListener("mousedown", (event) => event.preventDefault());
  float.addEventListener("click", () => {
    const post = float.post;
    float.hidden = true;
    quote(post);
  });
  document.addEventListener("selectionchange", () => {
    const selection = window.getSelection();
    const node = selection.rangeCount && selection.getRangeAt(0).commonAncestorContainer;
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    const post = element && element.closest(".post");
    float.hidden = !(post && composer() && post.querySelector("[data-act=quote]") && chosen(post));
    if (float.hidden) return;
    const place = selection.getRangeAt(0).getBoundingClientRect();
    float.post = post;
    float.style.top = `${window.scrollY + place.bottom + 8}px`;
    float.style.left = `${window.scrollX + Math.max(8, place.left)}px`;
  });
})();
