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

void Batch::fill(std::span<const Record> records, const RecordRewriter& rewrite) {
  assert(!records.empty());
  clear();
  stream_ = records.front().stream;
  body_.reserve(joined_size(records));
  body_ += kHead;
  ends_.reserve(records.size());
  records_.reserve(records.size());
  for (const Record& record : records) {
    assert(record.stream == stream_);
    if (!ends_.empty()) body_ += ',';
    rewritten_.clear();
    const bool other = rewrite && rewrite(record.stream, record.payload, rewritten_);
    body_ += other ? std::string_view(rewritten_) : record.payload;
    ends_.push_back(static_cast<std::uint32_t>(body_.size()));
  }
  body_ += kTail;
  bisection_ = Bisection(records.size());
  for (const Record& record : records) records_.push_back(record.id);
}

void Batch::seal(Seal seal, Compressor& compressor, Random& random) {
  assert(!sealed_ && !empty());
  count_ = choose_count(seal.max_body_bytes);
  if (count_ < records_.size()) {
    const std::size_t begin = begin_of(front_);
    part_ = kHead;
    part_.append(body_, begin, ends_[front_ + count_ - 1] - begin);
    part_ += kTail;
  }
  const bool compressed =
      seal.encoding != Encoding::kIdentity && compressor.compress(seal.encoding, body(), compressed_).ok();
  encoding_ = compressed ? seal.encoding : Encoding::kIdentity;
  ledger_ = std::move(seal.ledger);
  id_ = to_hex(random.next()) + to_hex(random.next());
  sealed_ = true;
}

std::size_t Batch::begin_of(std::size_t record) const noexcept {
  return record == 0 ? kHead.size() : ends_[record - 1] + 1;
}

// As many as should travel, of them as many as fit.
std::size_t Batch::choose_count(std::size_t max_body_bytes) const noexcept {
  const std::size_t wanted = bisection_.next();
  const std::size_t begin = begin_of(front_);
  std::size_t count = 1;
  while (count < wanted && kHead.size() + ends_[front_ + count] - begin + kTail.size() <= max_body_bytes) ++count;
  return count;
}

std::string_view Batch::entry(std::size_t index) const noexcept {
  const std::size_t begin = begin_of(front_ + index);
  return std::string_view(body_).substr(begin, ends_[front_ + index] - begin);
}

void Batch::taken() noexcept {
  bisection_.taken(count_);
  leave();
}

void Batch::refused() noexcept {
  bisection_.refused(count_);
  if (count_ == 1) {
    leave();
  } else {
    reopen();
  }
}

void Batch::reopen() noexcept { sealed_ = false; }

void Batch::leave() noexcept {
  front_ += count_;
  sealed_ = false;
  if (empty()) clear();
}

void Batch::clear() noexcept {
  records_.clear();
  ends_.clear();
  body_.clear();
  front_ = count_ = 0;
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
