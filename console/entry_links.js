// Where one goes from an entry: other entries of the same trace, user, address, route and so on, around its time.

import { isInfra, isMessage } from "./entry_summary.js";
import { queryTerm } from "./format.js";
import { isCut, MASKED } from "./marks.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Beyond these an entry is not ordered by its own time, but by that of its receipt.
const MAX_PAST = 30 * DAY;
const MAX_FUTURE = DAY;
// A query has 16 KiB.
const MAX_VALUE = 4096;

// [label, field, how far around the entry]: a trace is short, a user's way is a day long.
const SAME = [
  ["trace", "trace_id", HOUR],
  ["session", "session_id", 12 * HOUR],
  ["user", "user_id", 12 * HOUR],
  ["client address", "client_ip", HOUR],
  ["route", "tags.route", HOUR],
  ["path", "path", HOUR],
  ["error type", "error_type", DAY],
  ["source", "source_name", HOUR],
  ["host", "host", 15 * MINUTE],
  ["service", "service_name", 15 * MINUTE],
];

const valueOf = (entry, field) => (field === "tags.route" ? entry.tags?.route : entry[field]);

function applies(entry, field, value) {
  if (typeof value !== "string" || value === "" || value.length > MAX_VALUE || value.includes(MASKED) || isCut(value)) return false;
  if (field === "path") return !isInfra(entry) && !isMessage(entry) && !valueOf(entry, "tags.route");
  return true;
}

/** The state of a search around the entry; over all time where its time says nothing about its place. */
function around(entry, span, now) {
  const time = Date.parse(entry.timestamp);
  if (!(time > now - MAX_PAST && time < now + MAX_FUTURE)) return { range: "all" };
  return { range: "custom", from: new Date(time - span).toISOString(), to: new Date(time + span).toISOString() };
}

/** { label, value, state } of each link; `state` as readState() gives it, of the list alone. */
export function linksOf(entry, now = Date.now()) {
  return SAME.map(([label, field, span]) => ({ label, field, span, value: valueOf(entry, field) }))
    .filter(({ field, value }) => applies(entry, field, value))
    .map(({ label, field, span, value }) => ({ label, value, state: { q: queryTerm(field, value), ...around(entry, span, now) } }));
}
