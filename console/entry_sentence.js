// One sentence for an entry: who did what, and what became of it.

import { deviceWords, placeWords } from "./client_words.js";
import { isInfra, isMessage, levelOf } from "./entry_summary.js";
import { formatDuration, formatMicroseconds, parseObject } from "./format.js";
import { statusWords } from "./status_words.js";

const strong = (text) => ({ text, isStrong: true });

function who(entry) {
  const service = entry.client_type === "server" && /^server:([^/]+)/.exec(entry.origin)?.[1];
  if (entry.user_id) return ["User ", strong(entry.user_id)];
  if (service) return ["Service ", strong(service)];
  if (entry.device_type === "Bot") return ["A bot"];
  return ["A client"];
}

function whence(entry) {
  const place = placeWords(entry);
  const device = deviceWords(entry);
  const parts = [];
  if (entry.client_ip) parts.push(" at ", strong(entry.client_ip));
  if (place) parts.push(` in ${place}`);
  if (device) parts.push(`, with ${device},`);
  return parts;
}

function service(entry) {
  const name = entry.service_name || entry.project_slug;
  return [...(name ? [" to ", strong(name)] : []), ...(entry.environment ? [` in ${entry.environment}`] : [])];
}

/** How long it took, as exactly as it was measured. */
function took(entry) {
  const total = parseObject(entry.latency_breakdown)?.total_us;
  if (typeof total === "number" && total > 0 && Math.abs(total / 1000 - entry.duration_ms) <= 1) return formatMicroseconds(total);
  return entry.duration_ms > 0 ? formatDuration(entry.duration_ms) : "less than 1 ms";
}

function answer(entry) {
  const after = [" after ", strong(took(entry))];
  if (entry.error_type === "interrupted" && !entry.status_code) return [", but the process died before it was answered"];
  if (entry.status_code === 499) return [", but went away", ...after, ", before the answer"];
  if (!entry.status_code) return [". What it got is not known"];
  const got = [" and got ", strong(statusWords(entry.status_code)), ...after];
  if (entry.error_type === "aborted") return [...got, ", but went away before the end of it"];
  if (entry.error_type === "interrupted") return [...got, ", but the process died before the end of it"];
  if (entry.error_type === "timeout") return [...got, ": it took too long"];
  if (entry.error_type === "panic") return [...got, ": the handler failed"];
  if (entry.error_type === "business_error") return [...got, ", which the application calls an error"];
  return got;
}

function ofInfra(entry) {
  const source = [entry.source_type, entry.source_name].filter(Boolean).join(" ");
  return [source ? strong(source) : "Something", ...(entry.host ? [" on ", strong(entry.host)] : []), " reported ",
    strong(entry.level || "an event"), "."];
}

function ofMessage(entry) {
  const name = entry.service_name || entry.project_slug;
  return [name ? strong(name) : "The application", ...(entry.host ? [" on ", strong(entry.host)] : []),
    ...(entry.environment ? [` in ${entry.environment}`] : []), " said, at level ", strong(levelOf(entry)), ":"];
}

/** The sentence in pieces: texts, and { text, isStrong } for what matters. */
export function sentenceOf(entry) {
  if (isInfra(entry)) return ofInfra(entry);
  if (isMessage(entry)) return ofMessage(entry);
  const route = entry.tags?.route;
  const target = typeof route === "string" && route !== "" ? route : entry.path;
  return [...who(entry), ...whence(entry), " sent ", strong([entry.method, target].filter(Boolean).join(" ") || "a request"), ...service(entry), ...answer(entry), "."];
}
