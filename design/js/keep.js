// Nothing typed is lost: of a form with data-dt-keep="key", what was typed and the server does not have yet is copied to
// this device, with what it was based on. The copy is of this user only, is forgotten after two weeks, and is wiped on
// sign-out.
import { all } from "./page.js";
import { SERVED, fill, pick, same, standing } from "./typed.js";

const PREFIX = "drietrap:keep:";
const SENT = "drietrap:sent";
const WINDOW = "drietrap:window";
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const LEAVING = 20_000;

const store = {
  // A full or forbidden storage must not stop anybody from typing.
  get(key, place = localStorage) { try { return JSON.parse(place.getItem(key)); } catch { return null; } },
  set(key, value, place = localStorage) { try { place.setItem(key, JSON.stringify(value)); } catch { /* full */ } },
  drop(key, place = localStorage) { try { place.removeItem(key); } catch { /* forbidden */ } },
  keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  session() { try { return sessionStorage; } catch { return null; } },
};

// Two windows on one form each have their own copy: the save of one must not take the other's text.
const windowName = () => {
  const here = store.get(WINDOW, store.session()) ?? Math.random().toString(36).slice(2);
  store.set(WINDOW, here, store.session());
  return here;
};
const ofAnyWindow = (form) => `${PREFIX}${document.body.dataset.dtUser ?? "-"}:${form.dataset.dtKeep}:`;
const name = (form) => ofAnyWindow(form) + windowName();
const seenOf = (form) => form.querySelector("input[type=hidden][name=seen]");

// Per form: what the server has as far as this window knows, and what is on its way there.
const forms = new WeakMap();
const known = (form) => {
  if (!forms.has(form)) forms.set(form, { based: standing(form, SERVED), flying: new Set() });
  return forms.get(form);
};

export const remember = (form) => {
  if (!form.dataset.dtKeep) return;
  const { based, flying } = known(form);
  const said = standing(form);
  const typed = Object.keys(said).filter((each) => [based, ...flying].some((had) => !same(said[each], had[each])));
  if (!typed.length) return store.drop(name(form));
  store.set(name(form), { at: Date.now(), typed: pick(said, typed), based: pick(based, typed), seen: seenOf(form)?.value });
};

// What goes to the server; `arrived` is told of the same once it is known whether the server has it.
export const sending = (form) => {
  const said = standing(form);
  known(form).flying.add(said);
  return said;
};
// The next page may have been made before a save that is answered while this one is being left: then it needs the copy.
let left = -Infinity;
export const arrived = (form, said, saved) => {
  const { based, flying } = known(form);
  flying.delete(said);
  if (saved && Date.now() - left > LEAVING) Object.assign(based, said);
  remember(form);
};

// A full-page submit: the copy stays until the next page shows that the server took it. It did not when that page is
// for signing in, is an error page, or was not the answer but somewhere the user went back to. A page that says what is
// wrong shows what was sent: that is not to be put back over it. Returns what such a page answers.
const settleSent = () => {
  const sent = store.get(SENT, store.session());
  store.drop(SENT, store.session());
  const { dtUser, dtFailed } = document.body.dataset;
  const answer = (performance.getEntriesByType("navigation")[0]?.type ?? "navigate") === "navigate";
  if (!sent || !answer || !dtUser || dtFailed !== undefined) return null;
  if (document.querySelector("#main .utrecht-alert--error")) return sent;
  const copy = store.get(sent.key);
  const since = Object.keys(copy?.typed ?? {}).filter((each) => !same(copy.typed[each], sent.said[each]));
  if (!since.length) store.drop(sent.key);
  else store.set(sent.key, { ...copy, typed: pick(copy.typed, since), based: pick(sent.said, since) });
  return null;
};

// This window's own copy, else the last of one that was closed.
const copyFor = (form) => {
  const mine = name(form);
  const others = store.keys().filter((key) => key.startsWith(ofAnyWindow(form)) && key !== mine);
  const last = others.sort((one, other) => store.get(other).at - store.get(one).at)[0];
  if (!store.get(mine) && last) {
    store.set(mine, store.get(last));
    store.drop(last);
  }
  return store.get(mine);
};

const putBack = (form, answered) => {
  const copy = copyFor(form);
  if (!copy) return;
  const { based } = known(form);
  const served = { ...based };
  const here = Object.keys(copy.typed);
  const back = here.filter((each) => !same(served[each], copy.typed[each]) && !(answered && same(answered[each], copy.typed[each])));
  // Only what was typed here is put back; the rest of the page stays as the server has it now.
  Object.assign(based, pick(copy.based, answered ? here : back));
  fill(form, pick(copy.typed, back));
  // Both texts stand on the page: whose it will be is chosen by who reads it.
  if (answered && "dtOvertaken" in form.dataset) return;
  const seen = seenOf(form);
  // Changed on both sides: say what the text is based on, so that the server overwrites nothing and shows both.
  if (!answered && seen && copy.seen && back.some((each) => !same(served[each], copy.based[each]))) seen.value = copy.seen;
  remember(form);
  if (!back.length) return;
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
};

let answers = null;
export const keep = {
  listen() {
    for (const key of store.keys()) {
      const copy = store.get(key);
      if (!copy?.typed || Date.now() - copy.at > FORTNIGHT) store.drop(key);
    }
    answers = settleSent();
    const typed = (event) => {
      const form = event.target.closest?.("form");
      if (!form?.dataset.dtKeep) return;
      if (event.isTrusted && event.type === "input") delete form.dataset.dtPutBack;
      remember(form);
    };
    window.addEventListener("beforeunload", () => { left = Date.now(); });
    document.addEventListener("input", typed);
    document.addEventListener("change", typed);
    // On the window, so after all who may hold it back: what was not sent must not be taken for sent.
    window.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      const form = event.target;
      if ("dtSignOut" in form.dataset) store.keys().forEach((key) => store.drop(key));
      if (form.dataset.dtKeep) {
        remember(form);
        store.set(SENT, { key: name(form), said: standing(form) }, store.session());
      }
    });
  },
  look(root) {
    for (const form of all(root, "form[data-dt-keep]")) putBack(form, answers?.key === name(form) ? answers.said : null);
  },
};
