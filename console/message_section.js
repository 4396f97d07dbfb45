// The request and the response: what was asked for or answered, headers, body.

import { bodyView } from "./body_view.js";
import { copyButton } from "./copy_button.js";
import { curlCommand } from "./curl_command.js";
import { element } from "./dom.js";
import { factList, pairTable, section } from "./facts.js";
import { formPairs } from "./form_pairs.js";
import { formatBytes, formatCount, parseObject } from "./format.js";
import { markedText } from "./marked_text.js";
import { CUT_MEANING, LEFT_OUT_HEADER } from "./marks.js";
import { statusWords } from "./status_words.js";

// More headers stand folded.
const OPEN_HEADERS = 12;

// What tags.stream_ended_by says of a response that was sent piece by piece.
const ENDED_BY = {
  server: "the server: all of it was sent",
  client: "the client: it had gone before",
  handler: "the handler: it threw, or left it unfinished",
};
const endedBy = (tag) => (Object.hasOwn(ENDED_BY, tag) ? element("span", {}, ENDED_BY[tag]) : "");

/** A part that is folded unless it is short, filled when it is opened. */
function foldedPart(title, isOpen, make) {
  const part = element("details", { className: "part", open: isOpen }, element("summary", {}, title));
  if (isOpen) part.append(make());
  else part.addEventListener("toggle", () => part.append(make()), { once: true });
  return part;
}

/** [name, value, field] of each header; a name that came several times stands in several rows. */
const headerRows = (field, headers) => Object.entries(headers).flatMap(([name, value]) =>
  [value].flat().map((each) => [name, typeof each === "string" ? each : JSON.stringify(each), `${field}.${name}`]));

function headersPart(entry, field, onFilter) {
  const headers = parseObject(entry[field]);
  if (!headers) return entry[field] ? element("pre", {}, ...markedText(entry[field], { isBlock: true })) : null;
  const rows = headerRows(field, headers);
  if (rows.length === 0) return null;
  const isCut = rows.some(([name]) => name === LEFT_OUT_HEADER);
  const title = `${formatCount(rows.length - (isCut ? 1 : 0), "header", "headers")}${isCut ? ", the rest was left out" : ""}`;
  const part = foldedPart(title, rows.length <= OPEN_HEADERS, () => pairTable(title, rows, onFilter));
  if (isCut) part.querySelector("summary").title = CUT_MEANING;
  return part;
}

function queryPart(entry) {
  const pairs = formPairs(entry.query_string);
  if (pairs.length === 0) return null;
  return foldedPart(formatCount(pairs.length, "query parameter", "query parameters"), true, () => pairTable("Query parameters", pairs));
}

const bodyPart = (text, size, type) => {
  const view = bodyView(text, size, type);
  return view && element("div", { className: "part" }, element("h4", {}, "Body"), view);
};

const typeOf = (headers) => String(Object.entries(parseObject(headers) ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "");

export function requestSection(entry, onFilter) {
  const made = section("Request",
    factList([["Method", entry.method, "method"], ["URL", entry.full_url], ["Host", entry.host_header, "host_header"],
      ["Path", entry.path, "path"], ["Route", entry.tags?.route, "tags.route"],
      ["Protocol", entry.proto, "proto"], ["API version", entry.api_version, "api_version"],
      ["Referer", entry.referer], ["Origin", entry.origin === "unknown" ? "" : entry.origin, "origin"]], onFilter),
    queryPart(entry), headersPart(entry, "request_headers", onFilter),
    bodyPart(entry.request_body, entry.request_body_size, entry.content_type || typeOf(entry.request_headers)));
  made?.querySelector("h3").append(copyButton("Copy as curl", () => curlCommand(entry),
    "Copy a command that sends this request again; masked values have to be filled in"));
  return made;
}

export function responseSection(entry, onFilter) {
  const status = entry.status_code ? statusWords(entry.status_code) : "";
  return section("Response",
    factList([["Status", status && element("span", {}, status)], ["Upstream status", entry.upstream_status, "upstream_status"],
      ["Ended by", endedBy(entry.tags?.stream_ended_by)],
      ["Size", entry.response_body_size ? element("span", {}, formatBytes(entry.response_body_size)) : ""]], onFilter),
    headersPart(entry, "response_headers", onFilter),
    bodyPart(entry.response_body, entry.response_body_size, typeOf(entry.response_headers)));
}
