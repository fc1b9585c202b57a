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

// Who reads this in another zone sees the moment there beside it; all else on the page is in Amsterdam time.
const HERE = "Europe/Amsterdam";
const inZone = (moment, timeZone, more) =>
  new Intl.DateTimeFormat(language(), { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone, ...more })
    .format(moment);
const elsewhere = (time) => {
  const moment = new Date(time.dateTime);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const place = time.parentElement.querySelector("[data-dt-zone]");
  if (!place || Number.isNaN(moment.valueOf()) || inZone(moment, timeZone) === inZone(moment, HERE)) return;
  place.textContent = place.dataset.dtZone.replace("{moment}", inZone(moment, timeZone, { timeZoneName: "short" }));
  place.hidden = false;
};

export const countdowns = {
  look(root) {
    for (const time of all(root, "time[data-dt-countdown]")) {
      const now = Date.parse(time.dataset.dtNow);
      shift.set(time, Number.isNaN(now) ? 0 : now - Date.now());
      show(time);
      elsewhere(time);
    }
  },
};
