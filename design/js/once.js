// A form is sent once: a second press on the button, or on Enter, does nothing until the page is back.
import { all } from "./page.js";

const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");
const release = (form) => {
  delete form.dataset.dtSent;
  buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
};

export const once = {
  listen() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
      if ("dtSent" in form.dataset) return event.preventDefault();
      form.dataset.dtSent = "";
      // After the values were gathered: a disabled button would not send its own name.
      window.setTimeout(() => buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true")));
      // A download leaves the page where it is; a press on Stop does too.
      window.setTimeout(release, "dtDownload" in form.dataset ? 3_000 : 20_000, form);
    });
    // Back to a page the browser kept: its form may be sent again.
    window.addEventListener("pageshow", () => all(document, "form[data-dt-sent]").forEach(release));
  },
};
