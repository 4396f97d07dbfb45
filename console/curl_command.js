// A request of the log as a command that sends it again.

import { bodyKind } from "./body_kind.js";
import { formatBytes, parseObject } from "./format.js";
import { isCut, LEFT_OUT_HEADER, MASKED } from "./marks.js";
import { canBeArgument, shellQuote } from "./shell_quote.js";

// RFC 9110, 5.6.2. What is no token would be something else to curl ("@file") or on the wire.
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HOST = /^(?:[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
// What a line of a header cannot hold.
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;
// Of the connection that was, or of the bytes that curl makes itself: RFC 9110, 7.6.1. A recorded body is decoded.
const NOT_REPEATED = new Set(["host", "content-length", "content-encoding", "connection", "proxy-connection", "keep-alive",
  "transfer-encoding", "te", "trailer", "upgrade", "http2-settings", "expect"]);

const encoder = new TextEncoder();
const percent = (text) => Array.from(encoder.encode(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
// What has no place in a target; everything else goes as it was received, escapes included.
const targetText = (text) => text.replace(/[^\x21-\x7e]+|#/g, percent);

/** { arguments, notes } of the address. */
function address(entry) {
  const notes = [];
  const scheme = /^(https|wss)$/.test(entry.scheme) ? "https" : "http";
  const isHost = HOST.test(entry.host_header);
  if (!isHost) notes.push("The entry holds no host that can be asked: localhost stands in its place.");
  const query = entry.query_string ? `?${targetText(entry.query_string)}` : "";
  const target = targetText(entry.path) + query;
  const isPath = target.startsWith("/");
  const url = `${scheme}://${isHost ? entry.host_header : "localhost"}${isPath ? target : "/"}`;
  const made = [["--url", url]];
  if (!isPath && target) made.unshift(["--request-target", target]);
  if (/[{}[\]]/.test(url)) made.unshift(["--globoff"]);
  if (/\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(url)) made.unshift(["--path-as-is"]);
  if ([entry.path, entry.query_string].some(isCut)) notes.push("The address was cut when it was recorded.");
  return { arguments: made, notes };
}

/** [name, value] of each header that can be sent again, and how many cannot. */
function headersOf(entry) {
  const recorded = Object.entries(parseObject(entry.request_headers) ?? {});
  const connection = String(recorded.find(([name]) => name === "connection")?.[1] ?? "");
  const named = new Set(connection.toLowerCase().split(",").map((name) => name.trim()));
  const headers = [];
  let refused = 0;
  for (const [name, value] of recorded.flatMap(([each, values]) => [values].flat().map((text) => [each, String(text)]))) {
    const lower = name.toLowerCase();
    if (name === LEFT_OUT_HEADER || lower.startsWith(":") || NOT_REPEATED.has(lower) || named.has(lower)) continue;
    if (TOKEN.test(name) && !CONTROL.test(value)) headers.push([name, value]);
    else ++refused;
  }
  if (!headers.some(([name]) => name.toLowerCase() === "user-agent") && entry.user_agent && !CONTROL.test(entry.user_agent)) {
    headers.push(["User-Agent", entry.user_agent]);
  }
  return { headers, refused, isCut: recorded.some(([name, value]) => name === LEFT_OUT_HEADER || isCut(String(value))) };
}

/** The body that can be sent, or null, and why not: { text, notes }. */
function bodyOf(entry, isHead) {
  const text = entry.request_body;
  const size = formatBytes(entry.request_body_size);
  const kind = bodyKind(text, entry.content_type);
  if (kind === "empty") return { text: null, notes: entry.request_body_size ? [`The body of ${size} was not recorded and is left out.`] : [] };
  if (kind === "binary") return { text: null, notes: [`The body of ${size} was binary and is left out.`] };
  if (kind === "multipart") return { text: null, notes: ["The body was a multipart form, of which a summary was recorded. It is left out."] };
  if (isCut(text)) return { text: null, notes: [`The body of ${size} was recorded in part only and is left out.`] };
  if (isHead) return { text: null, notes: ["The request had a body, which curl does not send with HEAD."] };
  if (!canBeArgument(text)) return { text: null, notes: ["The body holds a byte 0, which no argument can. It is left out."] };
  return { text, notes: [] };
}

// The recorded body is UTF-8, whatever it was.
function withCharset([name, value], body) {
  const isType = name.toLowerCase() === "content-type";
  return isType && /[^\x00-\x7f]/.test(body) ? [name, value.replace(/(;\s*charset=)("[^"]*"|[^\s;]+)/i, "$1utf-8")] : [name, value];
}

function headerLine([name, value]) {
  return ["--header", value === "" ? `${name};` : `${name}: ${value}`]; // curl sends an empty one for ";" only
}

function methodArguments(method, hasBody, notes) {
  if (method === "HEAD") return [["--head"]];
  if (method === "GET" && !hasBody) return [];
  if (TOKEN.test(method)) return [["--request", method]];
  notes.push("The method of the entry is none that can be sent.");
  return [];
}

/**
 * The command, on several lines. What cannot be sent again is said in comments before it, which hold no text of the
 * entry; masked values stay as they are shown, to be filled in.
 */
export function curlCommand(entry) {
  const where = address(entry);
  const notes = where.notes;
  const { headers, refused, isCut: headersCut } = headersOf(entry);
  const body = bodyOf(entry, entry.method === "HEAD");
  notes.push(...body.notes);
  if (headersCut) notes.push("Headers were cut or left out when they were recorded.");
  if (refused) notes.push(`Left out: ${refused} of the headers, which no request can hold.`);

  const sent = headers.map((header) => withCharset(header, body.text ?? ""));
  const hasType = sent.some(([name]) => name.toLowerCase() === "content-type");
  const options = [...methodArguments(entry.method, body.text !== null, notes), ...where.arguments, ...sent.map(headerLine)];
  // Without one curl would call it a form.
  if (body.text !== null && !hasType) options.push(["--header", "Content-Type:"]);
  if (sent.some(([name]) => name.toLowerCase() === "accept-encoding")) options.push(["--compressed"]);
  if (body.text !== null) options.push(["--data-raw", body.text]); // --data would read a file for "@…"
  if (options.some(([, value]) => value?.includes(MASKED))) notes.push("Masked values stand as asterisks: fill them in.");

  const lines = options.map(([name, value]) => (value === undefined ? name : `${name} ${shellQuote(value)}`));
  return [...notes.map((note) => `# ${note}`), `curl ${lines.join(" \\\n  ")}`].join("\n");
}
