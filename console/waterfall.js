// What was measured of a request's time, as spans on one line of time that begins with the request.
//
// Only what was measured is drawn. Two things are not known from an entry and are said: where the handler began (its
// duration alone is recorded), and what happened in the gaps.

import { parseObject } from "./format.js";

const LABELS = {
  queue_us: ["Queue before it", "From X-Request-Start, by the proxy's clock, to the start of the request."],
  request_body_us: ["Request body", "From the start until the body had been read."],
  handler_us: ["Handler", "How long the handler ran."],
  first_byte_us: ["Until the first byte", "From the start until the response began."],
  response_us: ["Response", "From the first byte of the response to the last."],
};
const HANDLER_PLACE = "Where it began was not measured: it stands behind the request body.";
const HANDLER_OVERLAP = "It overlaps with the rest: it ran while the body was read or the response written. Its place is not measured.";

const isTime = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Where each part lies, [from, to] in microseconds from the start of the request. */
function placeOf(name, us, parts, total) {
  if (name === "queue_us") return [-us, 0];
  if (name === "response_us") return [Math.max(0, parts.first_byte_us ?? total - us), (parts.first_byte_us ?? total - us) + us];
  if (name !== "handler_us") return [0, us];
  const start = parts.request_body_us ?? 0;
  const limit = parts.first_byte_us ?? total;
  if (start + us <= limit) return [start, start + us];
  const from = Math.max(0, Math.min(start, total - us));
  return [from, from + us];
}

function noteOf(name, parts, total) {
  const meaning = LABELS[name]?.[1] ?? "";
  if (name !== "handler_us") return meaning;
  const overlaps = (parts.request_body_us ?? 0) + parts.handler_us > (parts.first_byte_us ?? total);
  return `${meaning} ${overlaps ? HANDLER_OVERLAP : HANDLER_PLACE}`;
}

/**
 * { from, to, total, rows, others } in microseconds, or null when nothing was measured. A row: { name, label, note, from, to, us }.
 * `total`: of the request alone. `others`: [name, value] of members that are no such times.
 */
export function waterfall(entry) {
  const members = parseObject(entry.latency_breakdown) ?? {};
  const parts = Object.fromEntries(Object.entries(members).filter(([name, value]) => name in LABELS && isTime(value)));
  const others = Object.entries(members).filter(([name, value]) => name !== "total_us" && !(name in parts && isTime(value)));
  const ends = [parts.request_body_us ?? 0, parts.handler_us ?? 0, (parts.first_byte_us ?? 0) + (parts.response_us ?? 0)];
  const total = isTime(members.total_us) ? members.total_us : Math.max(entry.duration_ms * 1000, ...ends);
  if (Object.keys(members).length === 0) return null;
  const rows = Object.keys(LABELS).filter((name) => name in parts).map((name) => {
    const [from, to] = placeOf(name, parts[name], parts, total);
    return { name, label: LABELS[name][0], note: noteOf(name, parts, total), from, to, us: parts[name] };
  });
  rows.push({ name: "total_us", label: "Total", note: "From the start to the last byte of the response.", from: 0, to: total, us: total });
  return { from: Math.min(...rows.map((row) => row.from)), to: Math.max(...rows.map((row) => row.to), 1), total, rows, others };
}
