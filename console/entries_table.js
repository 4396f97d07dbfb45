// The list: one row per entry, moved through with the keyboard.

import { byId, element } from "./dom.js";
import { summaryOf } from "./entry_summary.js";
import { formatTime, formatUtc, visibleText } from "./format.js";

function cell(name, text, title = text) {
  return element("td", { className: name, title: visibleText(title) }, visibleText(text));
}

function row(entry, onOpen) {
  const summary = summaryOf(entry);
  const made = element(
    "tr",
    { tabIndex: -1, className: entry.is_error ? "is-error" : "", dataset: { uuid: entry.uuid } },
    cell("time", formatTime(entry.timestamp), formatUtc(entry.timestamp)),
    cell("method", summary.verb),
    cell("path", summary.subject, summary.subjectTitle),
    element("td", { className: "status" }, element("span", { className: `badge ${summary.badgeClass}` }, visibleText(summary.badge))),
    cell("duration", summary.duration),
    cell("client", summary.client, summary.clientTitle),
    cell("error", summary.error),
  );
  made.addEventListener("click", () => onOpen(entry.uuid));
  return made;
}

/** The rows of the table. `onOpen(uuid)`: an entry was chosen. */
export class EntriesTable {
  #rows = byId("rows");
  #onOpen;

  constructor(onOpen) {
    this.#onOpen = onOpen;
    this.#rows.addEventListener("keydown", (event) => this.#onKey(event));
  }

  show(entries, openUuid) {
    const focused = document.activeElement?.dataset?.uuid;
    this.#rows.replaceChildren(...entries.map((entry) => row(entry, this.#onOpen)));
    this.mark(openUuid);
    const rows = [...this.#rows.children];
    const reachable = rows.find((each) => each.dataset.uuid === focused) ?? rows[0];
    if (reachable) reachable.tabIndex = 0;
    if (focused && reachable?.dataset.uuid === focused) reachable.focus({ preventScroll: true });
  }

  /** Marks the row of the entry that is open. */
  mark(uuid) {
    for (const each of this.#rows.children) {
      const isOpen = each.dataset.uuid === uuid;
      each.classList.toggle("open", isOpen);
      each.setAttribute("aria-selected", String(isOpen));
    }
  }

  /**
   * Moves by so many rows from the one with the focus, or that of the open entry; into the list, when there is neither.
   * `takesFocus`: that row has it then. The uuid of the row, null in an empty list.
   */
  move(by, { takesFocus = true } = {}) {
    const rows = [...this.#rows.children];
    if (rows.length === 0) return null;
    const at = rows.findIndex((each) => each === document.activeElement);
    const start = at === -1 ? rows.findIndex((each) => each.classList.contains("open")) : at;
    const next = rows[start === -1 ? 0 : Math.min(Math.max(start + by, 0), rows.length - 1)];
    this.#reach(next, takesFocus);
    return next.dataset.uuid;
  }

  /** Puts the focus on the row of this entry, if it is in the list. */
  focus(uuid) {
    const row = [...this.#rows.children].find((each) => each.dataset.uuid === uuid);
    if (row) this.#reach(row, true);
  }

  #reach(row, takesFocus) {
    for (const each of this.#rows.children) each.tabIndex = -1;
    row.tabIndex = 0;
    if (takesFocus) row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  #onKey(event) {
    const uuid = event.target.dataset?.uuid;
    if (event.key === "Enter" && uuid) {
      event.preventDefault();
      this.#onOpen(uuid);
    }
  }
}
