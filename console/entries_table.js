// The list: one row per entry, moved through with the keyboard.

import { byId, element } from "./dom.js";
import { formatDuration, formatTime } from "./format.js";

const statusClass = (status) => (status >= 100 && status < 600 ? `s${Math.floor(status / 100)}` : "s0");

function errorText(entry) {
  if (!entry.is_error) return "";
  return [entry.error_type, entry.error_message].filter(Boolean).join(": ") || "error";
}

function row(entry, onOpen) {
  const error = errorText(entry);
  const made = element(
    "tr",
    { tabIndex: -1, className: entry.is_error ? "is-error" : "", dataset: { uuid: entry.uuid } },
    element("td", { className: "time", title: entry.timestamp }, formatTime(entry.timestamp)),
    element("td", { className: "method" }, entry.method),
    element("td", { className: "path", title: entry.full_url || entry.path }, entry.path),
    element("td", { className: "status" }, element("span", { className: `badge ${statusClass(entry.status_code)}` },
      entry.status_code ? String(entry.status_code) : "–")),
    element("td", { className: "duration" }, formatDuration(entry.duration_ms)),
    element("td", { className: "client", title: entry.user_agent }, entry.client_ip || entry.client_type),
    element("td", { className: "error", title: error }, error),
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

  /** Moves the focus by so many rows; into the list, when it is elsewhere. */
  move(by) {
    const rows = [...this.#rows.children];
    if (rows.length === 0) return;
    const at = rows.findIndex((each) => each === document.activeElement);
    const start = at === -1 ? rows.findIndex((each) => each.classList.contains("open")) : at;
    const next = rows[start === -1 ? 0 : Math.min(Math.max(start + by, 0), rows.length - 1)];
    for (const each of rows) each.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  #onKey(event) {
    const uuid = event.target.dataset?.uuid;
    if (event.key === "Enter" && uuid) {
      event.preventDefault();
      this.#onOpen(uuid);
    }
  }
}
