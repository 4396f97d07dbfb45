// One entry as a person reads it: a sentence, then why it failed, what was asked and answered, by whom, how long it took,
// what it belongs to; and every field as it is stored.

import { allFields } from "./all_fields.js";
import { clientSection } from "./client_section.js";
import { copyButton } from "./copy_button.js";
import { element } from "./dom.js";
import { headline } from "./entry_headline.js";
import { isInfra, isMessage } from "./entry_summary.js";
import { errorSection } from "./error_section.js";
import { eventSection } from "./event_section.js";
import { factList, pairTable, section } from "./facts.js";
import { requestSection, responseSection } from "./message_section.js";
import { timingsSection } from "./timings_section.js";

// What other sections show.
const SHOWN_TAGS = new Set(["ip_rule"]);

function tagsSection(entry, { onFilter }) {
  const tags = Object.entries(entry.tags ?? {}).filter(([name]) => !SHOWN_TAGS.has(name));
  return tags.length > 0 ? section("Tags", pairTable("Tags", tags.map(([name, value]) => [name, String(value), `tags.${name}`]), onFilter)) : null;
}

function traceSection(entry, { onFilter }) {
  return section("Trace", factList([["Trace", entry.trace_id, "trace_id"], ["Span", entry.span_id, "span_id"],
    ["Parent span", entry.parent_span_id, "parent_span_id"], ["Request id", entry.request_id, "request_id"]], onFilter));
}

function serviceSection(entry, { onFilter }) {
  return section("Service", factList([["Project", entry.project_slug, "project_slug"], ["Service", entry.service_name, "service_name"],
    ["Environment", entry.environment, "environment"], ["Host", entry.host, "host"], ["Process", entry.process_id, "process_id"]], onFilter));
}

function sectionsOf(entry, actions) {
  const { onFilter } = actions;
  const common = [tagsSection(entry, actions), traceSection(entry, actions), serviceSection(entry, actions)];
  if (isInfra(entry)) return [eventSection(entry, actions), ...common];
  if (isMessage(entry)) return [eventSection(entry, actions), ...common];
  return [errorSection(entry, onFilter), requestSection(entry, onFilter), responseSection(entry, onFilter), clientSection(entry, onFilter),
    timingsSection(entry, onFilter), ...common];
}

/**
 * Shows entries in `panel`. `onFilter(term)`: entries with this value are wanted; `onOpen(uuid)`; `onMove(by)`: the next
 * entry or the one before; `onClose()`.
 */
export class EntryDetail {
  #panel;
  #actions;
  #shown = null; // the entry on the screen

  constructor(panel, actions) {
    this.#panel = panel;
    this.#actions = actions;
  }

  hide() {
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    this.#shown = null;
  }

  showMessage(text) {
    this.#shown = null;
    this.#panel.hidden = false;
    this.#panel.replaceChildren(this.#bar(), element("p", { className: "message" }, text));
  }

  /**
   * What is open in it and how far it is scrolled stays, when it is the entry on the screen. The focus comes here when the
   * panel opens, and goes on to the next entry when it was here; somebody who types or walks the list keeps it.
   */
  show(entry) {
    if (this.#shown?.uuid === entry.uuid && this.#shown.uid === entry.uid) return;
    const takesFocus = this.#panel.contains(document.activeElement)
      || (this.#panel.hidden && !document.activeElement?.matches("input, select"));
    this.#shown = entry;
    this.#panel.hidden = false;
    this.#panel.replaceChildren(this.#bar(entry), headline(entry), ...sectionsOf(entry, this.#actions).filter(Boolean),
      allFields(entry, this.#actions.onFilter));
    this.#panel.scrollTop = 0;
    if (takesFocus) this.#panel.querySelector("h2").focus({ preventScroll: true });
  }

  #bar(entry) {
    const { onMove, onClose } = this.#actions;
    const button = (className, label, title, onclick) => element("button", { type: "button", className, title, onclick }, label);
    return element(
      "div",
      { className: "bar" },
      button("previous", "↑", "Previous entry (k)", () => onMove(-1)),
      button("next", "↓", "Next entry (j)", () => onMove(1)),
      element("span", { className: "space" }),
      entry ? copyButton("Copy link", () => location.href) : null,
      entry ? copyButton("Copy JSON", () => JSON.stringify(entry, null, 2)) : null,
      button("close", "Close", "Close (Esc)", onClose),
    );
  }
}
