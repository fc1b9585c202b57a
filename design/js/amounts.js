// A budget table that adds up while somebody types. In whole cents, so that nothing is lost to rounding.
import { all, language } from "./page.js";

// "1.250,50", "1250.50", "1,250.50", "€ 3.000" and "3 000" are amounts; a lone separator before exactly three digits
// groups, any other is the decimal one.
export const cents = (text) => {
  let digits = String(text ?? "").replace(/[^\d.,-]/g, "");
  const last = Math.max(digits.lastIndexOf(","), digits.lastIndexOf("."));
  if (last >= 0) {
    const mark = digits[last];
    const other = mark === "," ? "." : ",";
    const lone = digits.indexOf(mark) === last && !digits.includes(other);
    const groups = digits.indexOf(mark) !== last || (lone && digits.length - last === 4 && last > 0);
    digits = groups ? digits.replace(/[.,]/g, "")
      : `${digits.slice(0, last).replace(/[.,]/g, "")}.${digits.slice(last + 1)}`;
  }
  const number = Number(digits || 0);
  return Number.isFinite(number) ? Math.round(number * 100) : 0;
};
const money = (amount) => new Intl.NumberFormat(language() === "en" ? "en-GB" : "nl-NL",
  { style: "currency", currency: "EUR" }).format(amount / 100);

const add = (table) => {
  for (const row of all(table, "tr, [data-dt-row]")) {
    const factors = all(row, "[data-dt-factor]");
    const product = row.querySelector("[data-dt-product]");
    if (!product || !factors.length) continue;
    const amount = factors.reduce((sum, field) => sum * (cents(field.value) / 100), 1);
    product.dataset.cents = Math.round(amount * 100);
    product.textContent = money(product.dataset.cents);
  }
  const totals = {};
  const gone = (element) => element.closest("[hidden]") !== null;
  for (const field of all(table, "[data-dt-amount]")) {
    if (!gone(field)) totals[field.dataset.dtAmount] = (totals[field.dataset.dtAmount] ?? 0) + cents(field.value);
  }
  for (const cell of all(table, "[data-dt-product]")) {
    if (!gone(cell)) totals[cell.dataset.dtProduct] = (totals[cell.dataset.dtProduct] ?? 0) + Number(cell.dataset.cents ?? 0);
  }
  // A table over years: what each row comes to, and all of it together.
  for (const output of all(table, "[data-dt-row-sum]")) {
    const inputs = all(output.closest("tr, [data-dt-row]"), "[data-dt-amount]");
    output.textContent = money(inputs.reduce((sum, field) => sum + cents(field.value), 0));
  }
  for (const output of all(table, "[data-dt-grand]")) output.textContent = money(Object.values(totals).reduce((sum, each) => sum + each, 0));
  for (const output of all(table, "[data-dt-total]")) output.textContent = money(totals[output.dataset.dtTotal] ?? 0);
  for (const output of all(table, "[data-dt-balance]")) {
    const [one, other] = output.dataset.dtBalance.split(",");
    output.textContent = money((totals[one] ?? 0) - (totals[other] ?? 0));
  }
};

export const amounts = {
  listen() {
    const typed = (event) => {
      const table = event.target.closest?.("[data-dt-sum]");
      if (table) add(table);
    };
    document.addEventListener("input", typed);
    document.addEventListener("dt:rows", typed);
  },
  look(root) { all(root, "[data-dt-sum]").forEach(add); },
};
