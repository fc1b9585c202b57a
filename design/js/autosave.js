// Says how saving goes, and tries again when the connection is back. The request itself is htmx's.
import { arrived, sending } from "./keep.js";
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
  say(form, "failed", (texts) => texts.dtFailed);
  window.clearTimeout(late.get(form));
  late.set(form, window.setTimeout(again, RETRY, form));
};

const path = (address) => new URL(address, document.baseURI).pathname;
// An answer from elsewhere is no save: the page for signing in, or that of a dossier that was handed in meanwhile.
const elsewhere = ({ xhr, pathInfo }) => Boolean(xhr.responseURL) && path(xhr.responseURL) !== path(pathInfo.requestPath);
const signedOut = ({ xhr }) => {
  const login = document.getElementById("dt-signed-out")?.dataset.login;
  if (!login) return false;
  return xhr.status === 401 || (Boolean(xhr.responseURL) && path(xhr.responseURL) === path(login) && path(login) !== document.location.pathname);
};
// Trying again cannot mend it: another sign-in, or a form that is closed by now.
const outOfDate = (detail) => elsewhere(detail) || [403, 404].includes(detail.xhr.status)
  || (detail.xhr.status === 409 && !detail.xhr.responseText);
const WARNINGS = { "dt-signed-out": signedOut, "dt-out-of-date": outOfDate };
const warn = (detail) => {
  const fitting = Object.keys(WARNINGS).find((id) => WARNINGS[id](detail));
  for (const id of Object.keys(WARNINGS)) {
    // Once: a page that moves under the pointer every time swallows the press of a button.
    const shown = document.getElementById(id)?.hidden === false;
    const notice = reveal(id, id === fitting);
    if (id === fitting && !shown) notice?.scrollIntoView({ block: "center" });
  }
};

export const autosave = {
  listen() {
    document.addEventListener("htmx:beforeRequest", (event) => {
      const form = formOf(event);
      if (!form) return;
      sent.set(event.detail.xhr, sending(form));
      // What failed says so until it is saved: a line that comes and goes moves the button away under the pointer.
      if (!late.has(form)) say(form, "saving", (texts) => texts.dtSaving);
    });
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (signedOut(event.detail) || (formOf(event) && elsewhere(event.detail))) event.detail.shouldSwap = false;
      if (signedOut(event.detail)) warn(event.detail);
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      const form = formOf(event);
      if (!form) return;
      const { successful, xhr } = event.detail;
      const saved = Boolean(successful) && !signedOut(event.detail) && !elsewhere(event.detail);
      arrived(form, sent.get(xhr), saved);
      // Without an answer there is nothing to warn of but the connection.
      if (saved || xhr.status) warn(event.detail);
      if (!saved) return failed(form);
      window.clearTimeout(late.get(form));
      late.delete(form);
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
