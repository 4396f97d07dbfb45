// What an entry is in one line, by its kind: an exchange, a message of the application, an event of the infrastructure.

import { formatDuration } from "./format.js";

export const isInfra = (entry) => entry.kind === "infra";
export const isMessage = (entry) => entry.method === "MANUAL";
/** Of a message or an event. */
export const levelOf = (entry) => (isInfra(entry) ? entry.level : entry.path.replace(/^\/_log\//, ""));

function errorText(entry) {
  if (!entry.is_error) return "";
  if (isInfra(entry)) return entry.error_detail || "error";
  return [entry.error_type, entry.error_message].filter(Boolean).join(": ") || "error";
}

/**
 * { verb, subject, subjectTitle, badge, badgeClass, duration, client, clientTitle, error }: strings for a row. Of a
 * message the subject is its text, and its level stands where an exchange has its status.
 */
export function summaryOf(entry) {
  const error = errorText(entry);
  if (isInfra(entry)) {
    const source = [entry.source_type, entry.source_name].filter(Boolean).join(" ");
    return { verb: "INFRA", subject: entry.message, subjectTitle: entry.message, badge: entry.level || "–",
      badgeClass: levelClass(entry.level), duration: "", client: source || entry.host, clientTitle: entry.host, error };
  }
  const client = { client: entry.client_ip || entry.client_type, clientTitle: entry.user_agent };
  if (isMessage(entry)) {
    const level = levelOf(entry);
    return { verb: "LOG", subject: entry.request_body, subjectTitle: entry.request_body, badge: level,
      badgeClass: levelClass(level), duration: "", ...client, error };
  }
  const kind = Math.floor(entry.status_code / 100);
  return { verb: entry.method, subject: entry.path, subjectTitle: entry.full_url || entry.path,
    badge: entry.status_code ? String(entry.status_code) : "–", badgeClass: `s${kind > 0 && kind < 6 ? kind : 0}`,
    duration: formatDuration(entry.duration_ms), ...client, error };
}

function levelClass(level) {
  if (level === "error" || level === "fatal") return "s5";
  return level === "warn" ? "s4" : "s1";
}
