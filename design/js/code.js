// A link in the mail brings the code behind a #: it never leaves this browser, is taken out of the address, and still wants a press.
import { all } from "./page.js";

export const code = {
  listen() {
    addEventListener("hashchange", () => code.look(document));
  },
  look(root) {
    const field = all(root, ".dt-code-form input[name=code]")[0];
    const [, found] = /^#([A-Za-z0-9-]{4,16})$/.exec(location.hash) ?? [];
    if (!field || !found) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (field.value) return;
    field.value = found;
    field.form.querySelector("[type=submit]")?.focus();
  },
};
