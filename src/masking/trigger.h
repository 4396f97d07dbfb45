// Triggers: the places of a text at which something that has to be masked may show itself. Between them there is
// nothing to mask, and most texts hold hardly any, so looking for them is what masking costs.
//
// Each form of a secret has a character that every value of it holds, seen together with the one before it:
//     name=value, name: value, <name>value   '=' ':' '>'   after anything
//     a vendor's key ("sk-", "ghp_", "SG.")   '-' '_' '.'   after a letter that stands there in one of the prefixes
//     an access key ("AKIA", "LTAI")          its second character, after 'A' or 'L'
//     a JSON web token ("eyJ")                'J'           after 'y'
//     a PEM block ("-----BEGIN")              '-'           after '-'
//     credentials ("Bearer ", "Basic ")       ' '           after 'r' or 'c' of any case
//     a payment card                          the fourth digit in a row: a card begins with four digits at least
// A pair that is none of these needs no look. A kernel may report more places than that, never fewer: what it reports
// is looked at, and only the look decides.
#ifndef LOGS_SDK_MASKING_TRIGGER_H_
#define LOGS_SDK_MASKING_TRIGGER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace logs_sdk::inline v1 {

// What one call of a kernel looks at.
inline constexpr std::size_t kTriggerBlock = 64;

// Bit i: a trigger at `begin` + i; zeros beyond the end. `begin` is a multiple of kTriggerBlock.
using TriggerKernel = std::uint64_t (*)(std::string_view text, std::size_t begin) noexcept;

// The fastest kernel of this processor.
TriggerKernel trigger_kernel() noexcept;

// The same, which also stops at '%', '+' and '@', which mean something in URLs.
TriggerKernel url_trigger_kernel() noexcept;

// The triggers of one text, in order.
class Triggers {
 public:
  Triggers(TriggerKernel kernel, std::string_view text) noexcept : kernel_(kernel), text_(text) {}

  // The first one at `from` or after it; the size of the text for none. `from` never goes back.
  std::size_t next(std::size_t from) noexcept {
    while (from < text_.size()) {
      if (from >= end_) load(from);
      const std::uint64_t rest = bits_ >> (from % kTriggerBlock);
      if (rest != 0) return from + static_cast<std::size_t>(std::countr_zero(rest));
      from = end_;
    }
    return text_.size();
  }

 private:
  void load(std::size_t from) noexcept {
    const std::size_t begin = from - from % kTriggerBlock;
    bits_ = kernel_(text_, begin);
    end_ = begin + kTriggerBlock;
  }

  TriggerKernel kernel_;
  std::string_view text_;
  std::uint64_t bits_ = 0;  // of the block that ends at end_
  std::size_t end_ = 0;
};

// The triggers of a text of which pieces are masked one by one: a piece without one has nothing to mask. What stands
// before a piece makes its triggers more, not fewer.
class TriggerMap {
 public:
  // Keeps its memory. Throws std::bad_alloc.
  void assign(std::string_view text);
  bool any(std::size_t begin, std::size_t size) const noexcept;

 private:
  std::vector<std::uint64_t> blocks_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_TRIGGER_H_
