// Rows of a formset: add one from its <template>, take one away by its DELETE box.
import { all } from "./page.js";

const total = (box) => box.querySelector(`[name="${box.dataset.dtRows}-TOTAL_FORMS"]`);

// A new row from the template; returns it.
export const grow = (box) => {
  const holder = document.createElement("template");
  holder.innerHTML = box.querySelector("template[data-dt-empty-row]").innerHTML.replaceAll("__prefix__", total(box).value);
  const row = holder.content.firstElementChild;
  // Its own name, whatever its place: so that two who each add a row are not taken to have written in the same one.
  const name = row.querySelector("input[name$='-ROW']");
  if (name) name.value = Math.random().toString(36).slice(2, 12);
  box.querySelector("[data-dt-row-list]").append(row);
  total(box).value = Number(total(box).value) + 1;
  window.htmx?.process(row);
  all(row, "[data-dt-remove-row][hidden]").forEach((button) => { button.hidden = false; });
  return row;
};

// The empty row at the end is for whoever has no script; with it, a press on the button brings one.
const trim = (box) => {
  const list = box.querySelector("[data-dt-row-list]");
  const empty = (row) => all(row, "input:not([type=hidden], [type=checkbox], [name$='-ROW']), select, textarea").every((field) => !field.value);
  while (list.children.length > Number(box.dataset.dtLeast) && empty(list.lastElementChild)) {
    list.lastElementChild.remove();
    total(box).value = Number(total(box).value) - 1;
  }
};

const changed = (list) => {
  list.dispatchEvent(new CustomEvent("dt:rows", { bubbles: true }));
  list.dispatchEvent(new Event("change", { bubbles: true }));
};

export const rows = {
  listen() {
    document.addEventListener("click", (event) => {
      const plus = event.target.closest?.("[data-dt-add-row]");
      const minus = event.target.closest?.("[data-dt-remove-row]");
      const box = (plus ?? minus)?.closest("[data-dt-rows]");
      if (!box) return;
      const list = box.querySelector("[data-dt-row-list]");
      if (minus) {
        const row = minus.closest("tr, [data-dt-row]");
        const erase = row.querySelector("input[name$='-DELETE']");
        if (erase) erase.checked = true;
        row.hidden = true;
        box.querySelector("[data-dt-add-row]")?.focus();
        return changed(list);
      }
      grow(box).querySelector("input:not([type=hidden], [type=checkbox], [hidden]), select, textarea")?.focus();
      changed(list);
    });
  },
  look(root) {
    // Without the script these buttons would do nothing, so a page writes them with `hidden`.
    all(root, "[data-dt-rows][data-dt-least]").forEach(trim);
    all(root, "[data-dt-add-row][hidden], [data-dt-remove-row][hidden]").forEach((button) => { button.hidden = false; });
  },
};
