// How long until a deadline, by the server's clock: data-dt-now is when the page was made. Only decoration: the
// server alone judges whether a submission is in time.
import { all, language } from "./page.js";

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];
const words = (seconds) => {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const many = seconds >= 60 && seconds < 3 * 86_400 ? 2 : 1; // nobody plans a month by the hour
  const two = UNITS.slice(first, first + many);
  let rest = seconds;
  return two.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count && new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(count);
  }).filter(Boolean).join(" ");
};
const shift = new WeakMap();
const show = (time) => {
  const seconds = Math.floor((Date.parse(time.dateTime) - Date.now() - shift.get(time)) / 1000);
  time.title ||= time.textContent.trim();
  time.textContent = seconds > 0 ? time.dataset.dtLeft.replace("{time}", words(seconds)) : time.dataset.dtOver;
  time.parentElement.classList.toggle("dt-countdown--soon", seconds > 0 && seconds < 86_400);
  if (seconds > 0 && time.isConnected) window.setTimeout(show, seconds < 3_600 ? 1_000 : 30_000, time);
};

export const countdowns = {
  look(root) {
    for (const time of all(root, "time[data-dt-countdown]")) {
      const now = Date.parse(time.dataset.dtNow);
      shift.set(time, Number.isNaN(now) ? 0 : now - Date.now());
      show(time);
    }
  },
};
