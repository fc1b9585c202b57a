// A file goes out as soon as it is chosen or dropped: how far it is, once more when the connection is lost, and what went wrong. htmx sends it.
import { all } from "./page.js";

const WAITS = [2_000, 5_000, 15_000];
const MEGABYTE = 1024 * 1024;
const LOST = [0, 502, 503, 504];
const DROP = "[data-dt-drop]";
const tries = new WeakMap();
const waiting = new Map(); // for the connection: the input, and its next try
const inputOf = (target) => (target?.matches?.("[data-dt-upload]") ? target : null);
const part = (input, what) => input.closest(DROP).querySelector(what);
const say = (input, key = "", n = "") => {
  const said = part(input, "[data-dt-upload-said]");
  const text = (said.dataset[key] ?? "").replace("{name}", input.files[0]?.name ?? "").replace("{n}", n);
  if (said.textContent !== text) said.textContent = text;
  said.classList.toggle("dt-drop__said--wrong", ["failed", "refused", "large", "many"].includes(key));
};
const show = (input, what, shown) => { part(input, what).hidden = !shown; };
const send = (input) => {
  window.clearTimeout(waiting.get(input));
  waiting.delete(input);
  show(input, "[data-dt-upload-again]", false);
  if (input.isConnected && input.files.length) window.htmx.trigger(input, "upload");
};
const fits = (input) => {
  const most = Number(input.dataset.dtUpload);
  if (input.files[0].size <= most * MEGABYTE) return true;
  say(input, "large", most);
  input.value = "";
  return false;
};
const lost = (input) => {
  const many = (tries.get(input) ?? 0) + 1;
  tries.set(input, many);
  const over = many > WAITS.length;
  say(input, over ? "failed" : "again", many);
  show(input, "[data-dt-upload-again]", over);
  waiting.set(input, over ? 0 : window.setTimeout(send, WAITS[many - 1], input));
};
const anew = (input) => {
  tries.delete(input);
  send(input);
};
const dropped = (zone, files) => {
  const input = zone.querySelector("[data-dt-upload]");
  if (files.length > 1) return say(input, "many");
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

export const upload = {
  listen() {
    document.addEventListener("change", (event) => {
      const input = inputOf(event.target);
      if (!input) return;
      event.stopPropagation(); // the form saves what is typed; a file goes by itself
      if (input.files.length && fits(input)) anew(input);
    }, true);
    document.addEventListener("click", (event) => {
      const again = event.target.closest?.("[data-dt-upload-again]");
      if (!again) return;
      anew(again.closest(DROP).querySelector("[data-dt-upload]"));
    });
    window.addEventListener("online", () => [...waiting.keys()].forEach(anew));
    for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      document.addEventListener(kind, (event) => {
        const zone = event.target.closest?.(DROP);
        if (!zone || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        zone.classList.toggle("dt-drop--over", over);
        if (kind === "drop") dropped(zone, event.dataTransfer.files);
      });
    }
    document.addEventListener("htmx:xhr:progress", (event) => {
      const input = inputOf(event.target);
      if (!input || !event.detail.lengthComputable) return;
      const { loaded, total } = event.detail;
      const bar = part(input, "[data-dt-upload-progress]");
      [bar.hidden, bar.max, bar.value] = [loaded >= total, total, loaded];
      say(input, loaded >= total ? "looking" : "busy"); // how far is the bar's to show: a voice would never stop
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      const input = inputOf(event.detail.elt);
      if (!input?.isConnected) return;
      const { status } = event.detail.xhr;
      show(input, "[data-dt-upload-progress]", false);
      if (LOST.includes(status)) lost(input);
      else if (!event.detail.successful && ![409, 422].includes(status)) say(input, "refused");
    });
  },
  look(root) {
    for (const word of all(root, ".dt-drop__word")) word.hidden = false;
  },
};
