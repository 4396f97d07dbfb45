// What a recorded body is, by its type and by how it begins.

import { isMultipartSummary } from "./multipart_parts.js";

const BINARY = /^\[binary ([^\s\]]+) (\d+) bytes\]$/;
const mediaType = (contentType) => contentType.split(";", 1)[0].trim().toLowerCase();

/** { type, bytes } of the notice that stands for a binary body, or null. */
export function binaryNotice(text) {
  const match = BINARY.exec(text);
  return match && { type: match[1], bytes: Number(match[2]) };
}

/**
 * "empty", "binary", "multipart", "form", "json" (also several values, one a line), "xml" or "text". A body that is
 * sent as plain text and begins like JSON is read as JSON: how it is shown is the reader's choice anyway.
 */
export function bodyKind(text, contentType) {
  const type = mediaType(contentType ?? "");
  if (text === "") return "empty";
  if (binaryNotice(text)) return "binary";
  if (type.startsWith("multipart/") || isMultipartSummary(text)) return "multipart";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (/[/+](?:json|ndjson|x-ndjson|jsonl|json-seq)$/.test(type)) return "json";
  if (/^\s*[[{]/.test(text) && !/^(?:text\/(?:html|css|javascript|event-stream)|application\/javascript)$/.test(type)) return "json";
  if (/[/+]xml$/.test(type) || /^\s*<\?xml\s/.test(text)) return "xml";
  return "text";
}
