// Small courtesies: focus what is wrong, count characters, tick all, print, close a menu.
import { all } from "./page.js";

const count = (field) => {
  const counter = document.querySelector(`[data-dt-counter="${CSS.escape(field.id)}"]`);
  if (!counter) return;
  // As Django counts: a line break is two characters on the way to the server, one in the database; we count one.
  const left = Number(field.dataset.dtLimit) - [...field.value].length;
  counter.classList.toggle("dt-counter--over", left < 0);
  counter.textContent = counter.dataset[left < 0 ? "dtOver" : "dtLeft"].replace("{n}", Math.abs(left));
};

export const small = {
  listen() {
    document.addEventListener("input", (event) => event.target.dataset?.dtLimit && count(event.target));
    document.addEventListener("change", (event) => {
      const named = event.target.dataset?.dtCheckAll;
      if (!named) return;
      for (const box of all(event.target.form ?? document, `input[type=checkbox][name="${CSS.escape(named)}"]:not(:disabled)`)) {
        box.checked = event.target.checked;
      }
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("[data-dt-print]")) window.print();
      // A link in the error summary puts the focus in the field itself, not just near it.
      const link = event.target.closest?.(".dt-error-summary a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (field) {
        event.preventDefault();
        field.focus();
        field.scrollIntoView({ block: "center" });
      }
      for (const menu of document.querySelectorAll(".dt-user-menu[open]")) {
        if (!menu.contains(event.target)) menu.open = false;
      }
    });
    document.addEventListener("keydown", (event) => {
      const menu = event.key === "Escape" && document.querySelector(".dt-user-menu[open]");
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  },
  look(root) {
    all(root, "[data-dt-limit]").forEach(count);
    all(root, ".dt-error-summary")[0]?.focus();
  },
};
