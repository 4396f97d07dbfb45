// One entry with all of its fields, in groups.

import { element } from "./dom.js";
import { formatDuration, formatMicroseconds, formatTime, parseObject, prettyText, queryTerm } from "./format.js";

const GROUPS = [
  ["Request", ["timestamp", "duration_ms", "method", "full_url", "scheme", "host_header", "path", "query_string", "proto",
    "api_version", "origin", "referer", "content_type", "request_body_size", "request_headers", "request_body"]],
  ["Response", ["status_code", "upstream_status", "response_body_size", "response_headers", "response_body"]],
  ["Error", ["is_error", "error_type", "error_message", "panic_location", "error_stack"]],
  ["Timing", ["latency_breakdown"]],
  ["Client", ["client_ip", "client_ip_chain", "client_port", "client_type", "user_agent", "device_type", "browser",
    "browser_version", "os_name", "os_version", "client_country", "client_province", "client_city", "client_isp",
    "tls_version", "tls_cipher", "user_id", "session_id"]],
  ["Trace", ["request_id", "trace_id", "span_id", "parent_span_id"]],
  ["Service", ["project_slug", "environment", "service_name", "host", "process_id", "uuid", "uid"]],
  ["Tags", ["tags"]],
];
const GROUPED = new Set(GROUPS.flatMap(([, fields]) => fields));
const OBJECT_TEXTS = new Set(["request_headers", "response_headers"]);
const BLOCKS = new Set(["request_body", "response_body", "error_stack"]);
// Longer values are read, not searched for.
const MAX_TERM_LENGTH = 200;

const isEmpty = (value) =>
  value === "" || value === 0 || value === false || value === null || value === undefined || value === "{}" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Shows entries in `panel`. `onFilter(term)`: entries with this value are wanted; `onClose()`. */
export class EntryDetail {
  #panel;
  #onFilter;
  #onClose;

  constructor(panel, { onFilter, onClose }) {
    this.#panel = panel;
    this.#onFilter = onFilter;
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
    const kind = Math.floor(entry.status_code / 100);
    return element(
      "h2",
      {},
      element("span", { className: `badge s${kind > 0 && kind < 6 ? kind : 0}` }, String(entry.status_code || "–")),
      ` ${entry.method} ${entry.path}`,
      element("small", {}, `${formatTime(entry.timestamp)} · ${formatDuration(entry.duration_ms)}`),
    );
  }

  #group(title, fields, entry) {
    const rows = fields.filter((field) => !isEmpty(entry[field])).flatMap((field) => this.#field(field, entry[field]));
    if (rows.length === 0) return null;
    return element("section", {}, element("h3", {}, title), element("dl", {}, ...rows));
  }

  #field(field, value) {
    if (field === "latency_breakdown") return timing(value);
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
    const term = element("dt", { title: field }, label);
    const shown = element("dd", {}, isBlock ? element("pre", {}, prettyText(text)) : element("span", {}, text));
    const canBeAsked = !isBlock && text.length <= MAX_TERM_LENGTH && /^[A-Za-z0-9_.-]+$/.test(field);
    if (canBeAsked) {
      shown.append(element("button", {
        type: "button",
        className: "filter",
        title: `Only entries with ${field} = ${text}`,
        onclick: () => this.#onFilter(queryTerm(field, text)),
      }, "filter"));
    }
    return [term, shown];
  }
}

// Microseconds as bars against the whole.
function timing(text) {
  const parts = Object.entries(parseObject(text) ?? {}).filter(([, value]) => typeof value === "number");
  const whole = Math.max(...parts.map(([, value]) => value), 1);
  return parts.flatMap(([name, value]) => [
    element("dt", { title: name }, name.replace(/_us$/, "").replaceAll("_", " ")),
    element("dd", { className: "bar-row" }, element("progress", { max: whole, value }), ` ${formatMicroseconds(value)}`),
  ]);
}
