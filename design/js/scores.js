// A juror scores from the keyboard: a digit chooses (0 is 10 where the scale has a ten), Enter goes on.
export const scores = {
  listen() {
    document.addEventListener("keydown", (event) => {
      const group = event.target.closest?.("[data-dt-score]");
      if (!group || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
      const groups = [...(group.closest("form") ?? document).querySelectorAll("[data-dt-score]")];
      if (event.key === "Enter") {
        const next = groups[groups.indexOf(group) + 1];
        const target = next?.querySelector("input[type=radio]:checked") ?? next?.querySelector("input[type=radio]");
        if (!target) return;
        event.preventDefault();
        return target.focus();
      }
      if (!/^\d$/.test(event.key)) return;
      const named = (value) => [...group.querySelectorAll("input[type=radio]")].find((radio) => radio.value === value);
      const radio = named(event.key) ?? (event.key === "0" ? named("10") : undefined);
      if (!radio || radio.disabled) return;
      event.preventDefault();
      radio.focus();
      radio.click();
    });
  },
};
