// Long lists on the page: the first part at once, the rest when somebody asks for it.

import { element } from "./dom.js";
import { formatCount } from "./format.js";

/**
 * Appends what `make(item, index)` makes of the first `step` items to `parent`, and a button behind them that brings the
 * next. `wrap(button)`: what the button stands in, where it cannot stand alone, as in a table.
 */
export function appendInSteps(parent, items, make, step, wrap = (button) => button) {
  const addFrom = (start) => {
    const end = Math.min(start + step, items.length);
    for (let i = start; i < end; ++i) parent.append(make(items[i], i));
    if (end === items.length) return;
    const button = element("button", { type: "button", className: "more" },
      `Show ${Math.min(step, items.length - end)} of ${formatCount(items.length - end, "more", "more")}`);
    const row = wrap(button);
    button.addEventListener("click", () => {
      const focused = row.previousElementSibling;
      row.remove();
      addFrom(end);
      focused?.nextElementSibling?.querySelector("button, summary")?.focus();
    });
    parent.append(row);
  };
  addFrom(0);
}
