// Nothing typed is lost: a form with data-dt-keep="key" is copied to this device until the server has it. The copy
// is of this user only, is forgotten after two weeks, and is wiped on sign-out.
import { all } from "./page.js";
import { grow } from "./rows.js";

const PREFIX = "drietrap:keep:";
const SENT = "drietrap:sent";
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const name = (form) => `${PREFIX}${document.body.dataset.dtUser ?? "-"}:${form.dataset.dtKeep}`;
const fields = (form) =>
  [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button", "fieldset",
    "output"].includes(field.type) && !("dtNoKeep" in field.dataset));

const store = {
  // A full or forbidden storage must not stop anybody from typing.
  get(key, place = localStorage) { try { return JSON.parse(place.getItem(key)); } catch { return null; } },
  set(key, value, place = localStorage) { try { place.setItem(key, JSON.stringify(value)); } catch { /* full */ } },
  drop(key, place = localStorage) { try { place.removeItem(key); } catch { /* forbidden */ } },
  keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
};

const valuesOf = (form) => {
  const values = {};
  for (const field of fields(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "select-multiple") {
      values[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else values[field.name] = field.value;
  }
  return values;
};

// Rows that were added since the page was made are not on the new one: add them before they are filled in.
const growTo = (form, values) => {
  for (const box of all(form, "[data-dt-rows]")) {
    const start = `${box.dataset.dtRows}-`;
    const typed = Object.keys(values).filter((key) => key.startsWith(start) && !key.endsWith("-DELETE") && values[key]?.length);
    const needed = Math.max(0, ...typed.map((key) => parseInt(key.slice(start.length), 10) + 1 || 0));
    for (let have = all(box, "[data-dt-row-list] > *").length; have < needed; have += 1) grow(box);
  }
};

const fill = (form, values) => {
  let changed = false;
  growTo(form, values);
  for (const field of fields(form)) {
    if (!(field.name in values)) continue;
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const checked = value.includes(field.value);
      changed ||= checked !== field.checked;
      field.checked = checked;
    } else if (field.type === "select-multiple") {
      for (const option of field.options) {
        changed ||= option.selected !== value.includes(option.value);
        option.selected = value.includes(option.value);
      }
    } else if (field.value !== value) {
      field.value = value;
      changed = true;
    }
  }
  for (const box of all(form, "input[name$='-DELETE']:checked")) box.closest("tr, [data-dt-row]").hidden = true;
  return changed;
};

export const remember = (form) => store.set(name(form), { at: Date.now(), values: valuesOf(form) });

// The server has `sent`. Forget the copy, unless more was typed while it was on its way.
export const forget = (form, sent) => {
  const copy = store.get(name(form));
  if (!copy || !sent || JSON.stringify(copy.values) === sent) store.drop(name(form));
};
export const snapshot = (form) => JSON.stringify(valuesOf(form));

// A full-page submit: the copy stays until the next page shows that the server took it. It did not when that page is
// for signing in, is an error page, or says what is wrong.
const settleSent = () => {
  const sent = store.get(SENT, sessionStorage);
  if (!sent) return;
  store.drop(SENT, sessionStorage);
  const { dtUser, dtFailed } = document.body.dataset;
  if (dtUser && dtFailed === undefined && !document.querySelector("#main .utrecht-alert--error")) store.drop(sent);
};

export const keep = {
  listen() {
    for (const key of store.keys()) if (!(Date.now() - (store.get(key)?.at ?? 0) < FORTNIGHT)) store.drop(key);
    settleSent();
    const typed = (event) => {
      const form = event.target.form;
      if (!form?.dataset?.dtKeep) return;
      if (event.isTrusted && event.type === "input") delete form.dataset.dtPutBack;
      remember(form);
    };
    document.addEventListener("input", typed);
    document.addEventListener("change", typed);
    document.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      const form = event.target;
      if ("dtSignOut" in form.dataset) store.keys().forEach((key) => store.drop(key));
      if (form.dataset.dtKeep) {
        remember(form);
        store.set(SENT, name(form), sessionStorage);
      }
    });
  },
  look(root) {
    for (const form of all(root, "form[data-dt-keep]")) {
      const copy = store.get(name(form));
      if (!copy || !fill(form, copy.values)) continue;
      const status = form.querySelector("[data-dt-save-status]");
      if (status?.dataset.dtRestored) {
        status.textContent = status.dataset.dtRestored;
        // Said beside "saved" until the next word is typed: the save comes too soon for anybody to have read it.
        form.dataset.dtPutBack = "";
      }
      // Once htmx listens too, so that what was put back is also saved.
      const tell = () => form.dispatchEvent(new Event("input", { bubbles: true }));
      if (document.readyState === "complete") tell();
      else window.addEventListener("load", tell, { once: true });
    }
  },
};
