// Progressive enhancement: every page works without this file. No eval, no inline code, no other host.
import { amounts } from "./amounts.js";
import { autosave } from "./autosave.js";
import { code } from "./code.js";
import { confirming } from "./confirm.js";
import { countdowns } from "./countdown.js";
import { keep } from "./keep.js";
import { once } from "./once.js";
import { rows } from "./rows.js";
import { scores } from "./scores.js";
import { small } from "./small.js";
import { upload } from "./upload.js";

const parts = [keep, autosave, once, confirming, countdowns, amounts, rows, scores, small, upload, code];
// Each part listens on the document once, and looks at what is new on the page: at first all of it, later what
// htmx put in.
const look = (root) => parts.forEach((part) => part.look?.(root));
const begin = () => {
  parts.forEach((part) => part.listen?.());
  look(document);
};
document.addEventListener("htmx:load", (event) => event.target !== document.body && look(event.target));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
