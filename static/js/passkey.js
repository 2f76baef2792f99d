/* Passkeys: the one thing here that needs a script. A form asks the browser first, then goes off as any form does. */
(() => {
  const ways = { make: "parseCreationOptionsFromJSON", show: "parseRequestOptionsFromJSON" };
  const can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON && navigator.credentials;
  if (!can) return;
  for (const form of portal.all("[data-passkey]")) form.hidden = false;
  for (const words of portal.all("[data-passkey-missing]")) words.hidden = true;

  const ask = (form) => {
    const what = form.dataset.passkey;
    const publicKey = PublicKeyCredential[ways[what]](JSON.parse(form.dataset.options));
    return what === "make" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
  };
  /* Without a name that will do, the form goes off as it is and is answered: no passkey is made in vain. */
  const nameless = (form) => {
    const box = form.elements.name;
    return box && (!box.value.trim() || (box.maxLength > 0 && box.value.trim().length > box.maxLength));
  };
  const again = (form) => {
    delete form.dataset.sent;
    for (const button of portal.all(".is-busy", form)) button.classList.remove("is-busy");
  };

  portal.on("submit", "[data-passkey]", (event, form) => {
    if (event.defaultPrevented || nameless(form)) return;
    event.preventDefault();
    Promise.resolve()
      .then(() => ask(form))
      .then((key) => {
        form.elements.answer.value = JSON.stringify(key.toJSON());
        form.submit();
      })
      .catch((error) => {
        again(form);
        portal.toast(
          error && error.name === "InvalidStateError"
            ? "This device keeps a passkey for you already."
            : "No passkey was used. Try again, or get in another way."
        );
      });
  });
})();
