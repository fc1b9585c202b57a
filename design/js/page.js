// What several parts ask of the page.
export const language = () => document.documentElement.lang || "nl";
export const all = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...(root.querySelectorAll?.(selector) ?? []),
];
export const reveal = (id, shown = true) => {
  const element = document.getElementById(id);
  if (element) element.hidden = !shown;
  return element;
};
