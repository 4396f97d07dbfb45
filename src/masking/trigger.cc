#include "src/masking/trigger.h"

#include "src/base/ascii.h"
#include "src/masking/trigger_kernels.h"

namespace logs_sdk::inline v1 {
namespace {

using Table = std::array<std::uint8_t, 256>;

// Bit r: the character is in rule r, on that side.
constexpr Table make_table(std::string_view TriggerRule::*side) noexcept {
  Table table{};
  for (std::size_t rule = 0; rule < kTriggerRules.size(); ++rule) {
    const std::string_view characters = kTriggerRules[rule].*side;
    const auto bit = static_cast<std::uint8_t>(1u << rule);
    for (std::size_t c = 0; c < table.size(); ++c)
      if (characters.empty() || characters.find(static_cast<char>(c)) != std::string_view::npos)
        table[c] = static_cast<std::uint8_t>(table[c] | bit);
  }
  return table;
}
constexpr Table kBefore = make_table(&TriggerRule::before), kAt = make_table(&TriggerRule::at);

// In front of the text stands nothing, which only the rules without a character before take.
constexpr std::uint8_t kNothingBefore = kBefore[0];

template <std::uint8_t kRules>
std::uint64_t scan(std::string_view text, std::size_t begin) noexcept {
  std::uint8_t before = begin == 0 ? kNothingBefore : kBefore[static_cast<unsigned char>(text[begin - 1])];
  std::size_t digits = 0;
  while (digits < begin && digits < kCardGroupDigits && is_digit(text[begin - 1 - digits])) ++digits;
  std::uint64_t found = 0;
  const std::string_view block = text.substr(begin, kTriggerBlock);
  for (std::size_t i = 0; i < block.size(); ++i) {
    const auto c = static_cast<unsigned char>(block[i]);
    digits = is_digit(block[i]) ? digits + 1 : 0;
    if ((before & kAt[c] & kRules) != 0 || digits >= kCardGroupDigits) found |= std::uint64_t{1} << i;
    before = kBefore[c];
  }
  return found;
}

}  // namespace

std::uint64_t triggers_by_table(std::string_view text, std::size_t begin) noexcept {
  return scan<0xFF & ~(1u << kUrlRule)>(text, begin);
}

std::uint64_t url_triggers_by_table(std::string_view text, std::size_t begin) noexcept {
  return scan<0xFF>(text, begin);
}

TriggerKernel trigger_kernel() noexcept {
  static const TriggerKernel kernel = triggers_by_shuffle() != nullptr ? triggers_by_shuffle() : triggers_by_table;
  return kernel;
}

TriggerKernel url_trigger_kernel() noexcept {
  static const TriggerKernel kernel =
      url_triggers_by_shuffle() != nullptr ? url_triggers_by_shuffle() : url_triggers_by_table;
  return kernel;
}

void TriggerMap::assign(std::string_view text) {
  blocks_.clear();
  const TriggerKernel kernel = trigger_kernel();
  for (std::size_t begin = 0; begin < text.size(); begin += kTriggerBlock) blocks_.push_back(kernel(text, begin));
}

bool TriggerMap::any(std::size_t begin, std::size_t size) const noexcept {
  if (size == 0) return false;
  const std::size_t first = begin / kTriggerBlock, last = (begin + size - 1) / kTriggerBlock;
  const std::uint64_t from_begin = ~std::uint64_t{0} << (begin % kTriggerBlock);
  const std::uint64_t to_end = ~std::uint64_t{0} >> (kTriggerBlock - 1 - (begin + size - 1) % kTriggerBlock);
  if (first == last) return (blocks_[first] & from_begin & to_end) != 0;
  std::uint64_t found = (blocks_[first] & from_begin) | (blocks_[last] & to_end);
  for (std::size_t block = first + 1; block < last; ++block) found |= blocks_[block];
  return found != 0;
}

}  // namespace logs_sdk::inline v1
