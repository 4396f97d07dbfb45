#include "src/capture/capture_scratch.h"

namespace logs_sdk::inline v1 {
namespace {

// What stays between exchanges; a usual exchange needs 2 to 8 KiB.
constexpr std::size_t kKeptTextBytes = 262144;

}  // namespace

void CaptureScratch::reset() noexcept {
  request_headers.clear();
  response_headers.clear();
  tags.clear();
  pending_.clear();
  if (text_.capacity() > kKeptTextBytes)
    std::string().swap(text_);
  else
    text_.clear();
}

void CaptureScratch::resolve() noexcept {
  const std::string_view text = text_;
  for (const Pending& pending : pending_) *pending.field = text.substr(pending.offset, pending.size);
  pending_.clear();
}

}  // namespace logs_sdk::inline v1
