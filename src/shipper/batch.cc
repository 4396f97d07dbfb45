#include "src/shipper/batch.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "src/base/hex.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kHead = "{\"logs\":[";
constexpr std::string_view kTail = "]}";

std::size_t joined_size(std::span<const Record> records) noexcept {
  std::size_t size = kHead.size() + kTail.size() + records.size();
  for (const Record& record : records) size += record.payload.size();
  return size;
}

}  // namespace

void Batch::fill(std::span<const Record> records, Random& random) {
  assert(!records.empty());
  clear();
  stream_ = records.front().stream;
  id_ = to_hex(random.next()) + to_hex(random.next());
  body_.reserve(joined_size(records));
  body_ += kHead;
  records_.reserve(records.size());
  for (const Record& record : records) {
    assert(record.stream == stream_);
    if (!records_.empty()) body_ += ',';
    body_ += record.payload;
    records_.push_back(record.id);
  }
  body_ += kTail;
}

void Batch::seal(Encoding encoding, Compressor& compressor, std::string ledger) {
  assert(!sealed_);
  const bool compressed = encoding != Encoding::kIdentity && compressor.compress(encoding, body_, compressed_).ok();
  encoding_ = compressed ? encoding : Encoding::kIdentity;
  ledger_ = std::move(ledger);
  sealed_ = true;
}

void Batch::clear() noexcept {
  records_.clear();
  body_.clear();
  encoding_ = Encoding::kIdentity;
  sealed_ = false;
}

std::string ledger_text(const LedgerTotals& spooled, const LedgerTotals& in_memory) {
  std::string text;
  const auto add = [&](std::string_view name, std::uint64_t value) {
    if (!text.empty()) text += ", ";
    text += name;
    text += '=';
    text += std::to_string(value);
  };
  add("captured", spooled.captured + in_memory.captured);
  add("delivered", spooled.delivered + in_memory.delivered);
  add("duplicate", spooled.duplicate + in_memory.duplicate);
  add("rejected", spooled.rejected + in_memory.rejected);
  add("dropped", spooled.dropped_total() + in_memory.dropped_total());
  return text;
}

}  // namespace logs_sdk::inline v1
