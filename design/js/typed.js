// What stands in a form, question by question. Rows of a table are one question: cells of two writers make no sense together.
import { all } from "./page.js";
import { grow } from "./rows.js";

const SKIPPED = ["hidden", "password", "file", "submit", "button", "fieldset", "output"];
const fields = (form) =>
  [...form.elements].filter((field) => field.name && !SKIPPED.includes(field.type) && !("dtNoKeep" in field.dataset));
const questionOf = (field) => field.closest("[data-dt-rows]")?.dataset.dtRows ?? field.name;

const NOW = { text: "value", ticked: "checked", chosen: "selected" };
// As the server wrote the page, whatever was typed in it since.
export const SERVED = { text: "defaultValue", ticked: "defaultChecked", chosen: "defaultSelected" };

export const standing = (form, as = NOW) => {
  const said = {};
  for (const field of fields(form)) {
    const inputs = said[questionOf(field)] ??= {};
    if (field.type === "checkbox" || field.type === "radio") {
      inputs[field.name] ??= [];
      if (field[as.ticked]) inputs[field.name].push(field.value);
    } else if (field.options) {
      inputs[field.name] = [...field.options].filter((option) => option[as.chosen] && option.value).map((option) => option.value);
    } else inputs[field.name] = field[as.text];
  }
  return said;
};

// An empty row that was added says nothing yet, though it has a name.
const said = ([name, value]) => value?.length && !name.endsWith("-ROW");
const plain = (inputs) => JSON.stringify(Object.entries(inputs ?? {}).filter(said).sort());
export const same = (one, other) => plain(one) === plain(other);
export const pick = (said, questions) => Object.fromEntries(questions.map((each) => [each, said[each] ?? {}]));

// Rows that were added since the page was made are not on the new one: add them before they are filled in.
const growTo = (form, values) => {
  for (const box of all(form, "[data-dt-rows]")) {
    const start = `${box.dataset.dtRows}-`;
    const typed = Object.keys(values).filter((key) => key.startsWith(start) && !key.endsWith("-DELETE") && said([key, values[key]]));
    const needed = Math.max(0, ...typed.map((key) => parseInt(key.slice(start.length), 10) + 1 || 0));
    for (let have = all(box, "[data-dt-row-list] > *").length; have < needed; have += 1) grow(box);
  }
};

export const fill = (form, said) => {
  const values = Object.assign({}, ...Object.values(said));
  growTo(form, values);
  for (const field of fields(form)) {
    if (!(field.name in values)) continue;
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = value.includes(field.value);
    else if (field.options) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    const folded = field.closest("details");
    if (folded && value.length) folded.open = true;
  }
  for (const box of all(form, "input[name$='-DELETE']:checked")) box.closest("tr, [data-dt-row]").hidden = true;
};
