// data-dt-confirm="Question?" on a submit button, and hx-confirm, ask in one dialog of ours.
const ask = (question, danger, onYes) => {
  const dialog = document.getElementById("dt-confirm");
  if (!dialog?.showModal) return onYes();
  dialog.querySelector("#dt-confirm-question").textContent = question;
  dialog.querySelector("[data-dt-yes]").classList.toggle("utrecht-button--danger", danger);
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && onYes(), { once: true });
  dialog.showModal();
};
const agreed = new WeakSet();

export const confirming = {
  listen() {
    // Capturing, so that it comes before the guard against sending twice, and before htmx.
    document.addEventListener("submit", (event) => {
      const button = event.submitter;
      const question = button?.dataset.dtConfirm ?? event.target.dataset.dtConfirm;
      if (!question || agreed.delete(event.target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(question, Boolean(button?.classList.contains("utrecht-button--danger")), () => {
        agreed.add(event.target);
        event.target.requestSubmit(button);
      });
    }, true);
    document.addEventListener("htmx:confirm", (event) => {
      if (!event.detail.question) return;
      event.preventDefault();
      ask(event.detail.question, event.target.classList.contains("utrecht-button--danger"),
        () => event.detail.issueRequest(true));
    });
  },
};
