// A message of the application, or an event of the infrastructure: what it says, and what it belongs to.

import { bodyView } from "./body_view.js";
import { element } from "./dom.js";
import { isInfra } from "./entry_summary.js";
import { factList, section } from "./facts.js";
import { parseObject } from "./format.js";
import { markedText } from "./marked_text.js";

const sizeOf = (text) => new TextEncoder().encode(text).length;

/** A text that is shown whole; JSON and the like indented. */
const text = (title, value) => (value ? element("div", { className: "part" }, element("h4", {}, title), bodyView(value, sizeOf(value), "")) : null);

function related(entry, { onOpen, onFilter }) {
  const uuid = entry.related_api_uuid;
  if (!uuid) return null;
  const open = element("button", { type: "button", className: "open", onclick: () => onOpen(uuid) }, "open");
  return factList([["About entry", element("span", {}, ...markedText(uuid), open)]], onFilter);
}

export function eventSection(entry, actions) {
  const message = isInfra(entry) ? entry.message : entry.request_body;
  const said = message ? element("p", { className: "reason" }, ...markedText(message, { isBlock: true })) : null;
  if (!isInfra(entry)) return section("Message", said);
  const isObject = parseObject(entry.metadata);
  return section("Event", said, text("Detail", entry.error_detail), related(entry, actions),
    isObject && Object.keys(isObject).length === 0 ? null : text("Metadata", entry.metadata));
}
