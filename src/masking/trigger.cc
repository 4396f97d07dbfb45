#include "src/masking/trigger.h"

#include "src/masking/characters.h"
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
std::size_t scan(std::string_view text, std::size_t from) noexcept {
  std::uint8_t before = from == 0 ? kNothingBefore : kBefore[static_cast<unsigned char>(text[from - 1])];
  std::size_t digits = 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if ((before & kAt[c] & kRules) != 0) return at;
    digits = is_digit(text[at]) ? digits + 1 : 0;
    if (digits == kCardGroupDigits) return at;
    before = kBefore[c];
  }
  return text.size();
}

}  // namespace

std::size_t next_trigger_by_table(std::string_view text, std::size_t from) noexcept {
  return scan<0xFF & ~(1u << kUrlRule)>(text, from);
}

std::size_t next_url_trigger_by_table(std::string_view text, std::size_t from) noexcept {
  return scan<0xFF>(text, from);
}

NextTrigger next_trigger() noexcept {
  static const NextTrigger kernel =
      next_trigger_by_shuffle() != nullptr ? next_trigger_by_shuffle() : next_trigger_by_table;
  return kernel;
}

NextTrigger next_url_trigger() noexcept {
  static const NextTrigger kernel =
      next_url_trigger_by_shuffle() != nullptr ? next_url_trigger_by_shuffle() : next_url_trigger_by_table;
  return kernel;
}

}  // namespace logs_sdk::inline v1
