// The ways of finding triggers, apart so that each can be tested on a machine that has them all.
#ifndef LOGS_SDK_MASKING_TRIGGER_KERNELS_H_
#define LOGS_SDK_MASKING_TRIGGER_KERNELS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/masking/card_number.h"
#include "src/masking/trigger.h"

namespace logs_sdk::inline v1 {

// A pair of characters is a trigger when both are in the same one of these rules; each is a bit of a byte.
struct TriggerRule {
  std::string_view before;  // empty: any character, or none
  std::string_view at;
};
inline constexpr std::size_t kUrlRule = 7;
inline constexpr std::array<TriggerRule, 8> kTriggerRules = {{
    {"", ":=>"},
    {"taeboprsXkiY", "-"},
    {"kpousrtecmf1", "_"},
    {"9G", "."},
    {"rRcC", " "},
    {"AL", "KSBCIT"},
    {"y-", "J-"},
    {"", "%+@"},
}};
// Whether a rule takes the pair; the forms of keys assert it of theirs.
constexpr bool is_trigger(char before, char at) noexcept {
  for (std::size_t rule = 0; rule < kUrlRule; ++rule)
    if ((kTriggerRules[rule].before.empty() || kTriggerRules[rule].before.find(before) != std::string_view::npos) &&
        kTriggerRules[rule].at.find(at) != std::string_view::npos)
      return true;
  return false;
}

// Byte by byte, by two tables of 256.
std::uint64_t triggers_by_table(std::string_view text, std::size_t begin) noexcept;
std::uint64_t url_triggers_by_table(std::string_view text, std::size_t begin) noexcept;

// 32 bytes a step, by AVX2; null where the processor has it not.
TriggerKernel triggers_by_shuffle() noexcept;
TriggerKernel url_triggers_by_shuffle() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_TRIGGER_KERNELS_H_
