#include "server/api/tail_event.h"

#include <charconv>

namespace logs_server {
namespace {

std::string id_line(std::uint64_t uid) { return "id: " + std::to_string(uid) + "\n"; }

std::string event(std::string_view name, std::string_view data, std::uint64_t uid) {
  std::string text = id_line(uid);
  text.reserve(text.size() + name.size() + data.size() + 20);
  text.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
  return text;
}

}  // namespace

std::string tail_greeting(std::uint64_t uid) { return "retry: 1000\n" + id_line(uid) + "\n"; }

std::string tail_entry_event(const ScannedEntry& entry) {
  const std::string_view document = entry.document();
  if (entry.is_damaged()) return "";
  // One line: line breaks are escaped in every document.
  return event("entry", document_with_uid(document, entry.uid()), entry.uid());
}

std::string tail_dropped_event(std::uint64_t dropped, std::uint64_t uid) {
  return event("dropped", "{\"dropped\":" + std::to_string(dropped) + "}", uid);
}

std::string tail_end_event(std::string_view reason, std::uint64_t uid) {
  return event("end", "{\"reason\":\"" + std::string(reason) + "\"}", uid);
}

std::string tail_heartbeat(std::uint64_t uid) { return ": still here\n" + id_line(uid) + "\n"; }

std::optional<std::uint64_t> parse_tail_cursor(std::string_view text) {
  std::uint64_t uid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return uid;
}

}  // namespace logs_server
