#include "server/store/stored_entry.h"

namespace logs_server {
namespace {

constexpr std::string_view kHead = R"({"uuid":")";
constexpr std::size_t kUuidDigits = 32;
constexpr std::string_view kUid = R"(","uid":0,)";
constexpr std::size_t kUidAt = kHead.size() + kUuidDigits;

bool begins_as_promised(std::string_view document) {
  return document.starts_with(kHead) && document.size() >= kUidAt + kUid.size() &&
         document.substr(kUidAt, kUid.size()) == kUid;
}

}  // namespace

std::string document_with_uid(std::string_view document, std::uint64_t uid) {
  if (!begins_as_promised(document)) return std::string(document);
  constexpr std::size_t kZeroAt = kUidAt + kUid.size() - 2;
  std::string filled(document.substr(0, kZeroAt));
  filled += std::to_string(uid);
  filled += document.substr(kZeroAt + 1);
  return filled;
}

}  // namespace logs_server
