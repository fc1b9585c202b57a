// Questions that hang on another, words that are counted, and saving that does not cross. Drietrap, EUPL-1.2
(() => {
  "use strict";
  const every = (root, what) => [...root.querySelectorAll(what)];

  // A question is shown while the question it hangs on has one of its answers, and is itself shown.
  const given = (form, name) =>
    every(form, `[name="${CSS.escape(name)}"]`)
      .filter((field) => (field.type !== "radio" && field.type !== "checkbox") || field.checked)
      .filter((field) => !field.closest("[data-shown-by][hidden]"))
      .map((field) => field.value);
  const conditions = (form) => {
    for (const question of every(form, "[data-shown-by]")) {
      const wanted = question.dataset.shownFor.split(" ");
      question.hidden = !given(form, question.dataset.shownBy).some((value) => wanted.includes(value));
    }
  };

  const count = (counter) => {
    const field = document.getElementById(counter.dataset.wordsOf);
    if (!field) return;
    const left = Number(counter.dataset.wordsMost) - (field.value.match(/\S+/g) ?? []).length;
    counter.classList.toggle("dt-counter--over", left < 0);
    counter.textContent = (left < 0 ? counter.dataset.wordsOver : counter.dataset.wordsLeft).replace("{n}", Math.abs(left));
  };

  document.addEventListener("input", (event) => {
    if (!event.target.id) return;
    every(document, `[data-words-of="${CSS.escape(event.target.id)}"]`).forEach(count);
  });
  const form = document.querySelector("#answers, #score");
  if (!form) return;
  every(form, "[data-words-of]").forEach(count);
  for (const kind of ["change", "input"]) form.addEventListener(kind, () => conditions(form));
  conditions(form);

  // What the server says of a conflict or of a wrong file is shown, though it is no success.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });

  // A press on the button waits for the save that is under way, which would else look like somebody else's. Capturing at the window, so
  // that it comes before the question whether one is sure: that is asked once.
  window.addEventListener("submit", (event) => {
    if (event.target !== form || !form.classList.contains("htmx-request")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    form.addEventListener("htmx:afterRequest", () => window.setTimeout(() => form.requestSubmit(button)), { once: true });
  }, true);
})();
