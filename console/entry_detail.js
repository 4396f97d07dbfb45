// One entry with all of its fields, in groups.

import { element } from "./dom.js";
import { summaryOf } from "./entry_summary.js";
import { formatMicroseconds, formatTime, parseObject, prettyText, queryTerm, visibleBlock, visibleText } from "./format.js";

const GROUPS = [
  ["Event", ["level", "message", "source_type", "source_name", "related_api_uuid", "error_detail", "metadata"]],
  ["Request", ["timestamp", "duration_ms", "method", "full_url", "scheme", "host_header", "path", "query_string", "proto",
    "api_version", "origin", "referer", "content_type", "request_body_size", "request_headers", "request_body"]],
  ["Response", ["status_code", "upstream_status", "response_body_size", "response_headers", "response_body"]],
  ["Error", ["is_error", "error_type", "error_message", "panic_location", "error_stack"]],
  ["Timing", ["latency_breakdown"]],
  ["Client", ["client_ip", "client_ip_chain", "client_port", "client_type", "user_agent", "device_type", "browser",
    "browser_version", "os_name", "os_version", "client_country", "client_province", "client_city", "client_isp",
    "tls_version", "tls_cipher", "user_id", "session_id"]],
  ["Trace", ["request_id", "trace_id", "span_id", "parent_span_id"]],
  ["Service", ["project_slug", "environment", "service_name", "host", "process_id", "kind", "uuid", "uid"]],
  ["Tags", ["tags"]],
];
const GROUPED = new Set(GROUPS.flatMap(([, fields]) => fields));
const OBJECT_TEXTS = new Set(["request_headers", "response_headers", "metadata"]);
const BLOCKS = new Set(["request_body", "response_body", "error_stack", "error_detail"]);
// Longer values are read, not searched for.
const MAX_TERM_LENGTH = 200;

const isEmpty = (value) =>
  value === "" || value === 0 || value === false || value === null || value === undefined || value === "{}" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Shows entries in `panel`. `onFilter(term)`: entries with this value are wanted; `onOpen(uuid)`; `onClose()`. */
export class EntryDetail {
  #panel;
  #onFilter;
  #onOpen;
  #onClose;

  constructor(panel, { onFilter, onOpen, onClose }) {
    this.#panel = panel;
    this.#onFilter = onFilter;
    this.#onOpen = onOpen;
    this.#onClose = onClose;
  }

  hide() {
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
  }

  showMessage(text) {
    this.#panel.hidden = false;
    this.#panel.replaceChildren(this.#bar(), element("p", { className: "message" }, text));
  }

  show(entry) {
    const groups = GROUPS.map(([title, fields]) => this.#group(title, fields, entry));
    const others = Object.keys(entry).filter((field) => !GROUPED.has(field));
    this.#panel.hidden = false;
    this.#panel.replaceChildren(
      this.#bar(entry),
      this.#summary(entry),
      ...[...groups, this.#group("Other", others, entry)].filter(Boolean),
    );
    this.#panel.scrollTop = 0;
  }

  #bar(entry) {
    const copy = (label, text) => element("button", { type: "button", onclick: () => navigator.clipboard?.writeText(text()) }, label);
    return element(
      "div",
      { className: "bar" },
      entry ? copy("Copy link", () => location.href) : null,
      entry ? copy("Copy JSON", () => JSON.stringify(entry, null, 2)) : null,
      element("button", { type: "button", className: "close", title: "Close (Esc)", onclick: this.#onClose }, "Close"),
    );
  }

  #summary(entry) {
    const { badge, badgeClass, verb, subject, duration } = summaryOf(entry);
    return element(
      "h2",
      {},
      element("span", { className: `badge ${badgeClass}` }, visibleText(badge)),
      visibleText(` ${verb} ${subject}`),
      element("small", {}, visibleText([formatTime(entry.timestamp), duration].filter(Boolean).join(" · "))),
    );
  }

  #group(title, fields, entry) {
    const rows = fields.filter((field) => !isEmpty(entry[field])).flatMap((field) => this.#field(field, entry[field]));
    if (rows.length === 0) return null;
    return element("section", {}, element("h3", {}, title), element("dl", {}, ...rows));
  }

  #field(field, value) {
    const parts = field === "latency_breakdown" ? timings(value) : [];
    if (parts.length > 0) return timingRows(parts);
    const members = field === "tags" ? value : OBJECT_TEXTS.has(field) ? parseObject(value) : null;
    if (members && typeof members === "object") {
      const rows = Object.entries(members).flatMap(([name, each]) => this.#value(`${field}.${name}`, name, each));
      return field === "tags" ? rows : [element("dt", { className: "heading" }, field), element("dd"), ...rows];
    }
    return this.#value(field, field, value);
  }

  #value(field, label, value) {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    const isBlock = BLOCKS.has(field) || text.includes("\n");
    const term = element("dt", { title: visibleText(field) }, visibleText(label));
    const shown = element("dd", {}, isBlock ? element("pre", {}, visibleBlock(prettyText(text))) : element("span", {}, visibleText(text)));
    if (field === "related_api_uuid") {
      shown.append(element("button", { type: "button", className: "open", onclick: () => this.#onOpen(text) }, "open"));
    }
    const canBeAsked = !isBlock && text.length <= MAX_TERM_LENGTH && /^[A-Za-z0-9_.-]+$/.test(field);
    if (canBeAsked) {
      shown.append(element("button", {
        type: "button",
        className: "filter",
        title: visibleText(`Only entries with ${field} = ${text}`),
        onclick: () => this.#onFilter(queryTerm(field, text)),
      }, "filter"));
    }
    return [term, shown];
  }
}

// [name, microseconds] of each part; none when the text is something else.
function timings(text) {
  const parts = Object.entries(parseObject(text) ?? {});
  return parts.every(([, value]) => typeof value === "number" && value >= 0) ? parts : [];
}

// Microseconds as bars against the longest.
function timingRows(parts) {
  const whole = Math.max(...parts.map(([, value]) => value), 1);
  return parts.flatMap(([name, value]) => [
    element("dt", { title: visibleText(name) }, visibleText(name.replace(/_us$/, "").replaceAll("_", " "))),
    element("dd", { className: "bar-row" }, element("progress", { max: whole, value }), ` ${formatMicroseconds(value)}`),
  ]);
}
