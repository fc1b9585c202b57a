// Says how saving goes, and tries again when the connection is back. The request itself is htmx's.
import { forget, remember, snapshot } from "./keep.js";
import { all, language, reveal } from "./page.js";

const RETRY = 15_000;
const sent = new WeakMap();
const late = new Map();
const say = (form, state, text) => {
  for (const status of all(form, "[data-dt-save-status]")) {
    status.dataset.state = state;
    const putBack = "dtPutBack" in form.dataset ? `${status.dataset.dtRestored} ` : "";
    status.textContent = putBack + text(status.dataset);
  }
};
const formOf = (event) => {
  const form = event.target.closest?.("form") ?? event.detail?.elt?.closest?.("form");
  return form && "dtAutosave" in form.dataset ? form : null;
};
const clock = () => new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" })
  .format(new Date());
const again = (form) => {
  window.clearTimeout(late.get(form));
  late.delete(form);
  if (form.isConnected) window.htmx?.trigger(form, "change");
};
const failed = (form) => {
  if (form.dataset.dtKeep) remember(form);
  say(form, "failed", (texts) => texts.dtFailed);
  window.clearTimeout(late.get(form));
  late.set(form, window.setTimeout(again, RETRY, form));
};

// A save that was answered by the sign-in page must not be taken for a save.
const signedOut = (xhr) => {
  const login = document.getElementById("dt-signed-out")?.dataset.login;
  if (!login) return false;
  if (xhr.status === 401) return true;
  const asked = xhr.responseURL && new URL(xhr.responseURL, document.baseURI).pathname;
  return Boolean(asked) && asked === new URL(login, document.baseURI).pathname && document.location.pathname !== asked;
};

export const autosave = {
  listen() {
    document.addEventListener("htmx:beforeRequest", (event) => {
      const form = formOf(event);
      if (!form) return;
      sent.set(form, snapshot(form));
      // What failed says so until it is saved: a line that comes and goes moves the button away under the pointer.
      if (!late.has(form)) say(form, "saving", (texts) => texts.dtSaving);
    });
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (!signedOut(event.detail.xhr)) return;
      event.detail.shouldSwap = false;
      // Once: a page that moves under the pointer every time swallows the press of a button.
      const shown = document.getElementById("dt-signed-out")?.hidden === false;
      const notice = reveal("dt-signed-out");
      if (!shown) notice?.scrollIntoView({ block: "center" });
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      const form = formOf(event);
      if (!form) return;
      const { successful, xhr } = event.detail;
      if (!successful || signedOut(xhr)) return failed(form);
      window.clearTimeout(late.get(form));
      if (form.dataset.dtKeep) forget(form, sent.get(form));
      say(form, "saved", (texts) => texts.dtSaved?.replace("{time}", clock()) ?? "");
    });
    window.addEventListener("offline", () => reveal("dt-offline"));
    window.addEventListener("online", () => {
      reveal("dt-offline", false);
      [...late.keys()].forEach(again);
    });
    window.addEventListener("beforeunload", (event) => {
      // Only where nothing keeps a copy on this device.
      if ([...late.keys()].some((form) => form.isConnected && !form.dataset.dtKeep)) event.preventDefault();
    });
  },
};
