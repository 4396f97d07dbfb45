#include "src/masking/card_number.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/base/ascii.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxDigits = 19;
// What a copy that ends within a number must show of it to count.
constexpr std::size_t kMinCutDigits = 6;
constexpr std::size_t kMaxGroups = 5;
// Digits within a word of hex this long are a hash or an identifier.
constexpr std::size_t kHashDigits = 32;

// Issuer identification numbers (ISO/IEC 7812) as ranges of the first four digits.
struct Issuer {
  int first, last;
  std::uint32_t lengths;  // bit n: a number of n digits is issued
};
constexpr std::uint32_t only(std::size_t length) { return 1u << length; }
constexpr std::uint32_t k16To19 = only(16) | only(17) | only(18) | only(19);
constexpr Issuer kIssuers[] = {
    {2200, 2204, k16To19},                         // Mir
    {2221, 2720, only(16)},                        // Mastercard
    {3000, 3059, only(14) | k16To19},              // Diners Club
    {3095, 3095, only(14) | k16To19},              // Diners Club
    {3400, 3499, only(15)},                        // American Express
    {3528, 3589, k16To19},                         // JCB
    {3600, 3699, only(14) | k16To19},              // Diners Club
    {3700, 3799, only(15)},                        // American Express
    {3800, 3999, only(14) | k16To19},              // Diners Club
    {4000, 4999, only(13) | only(16) | only(19)},  // Visa
    {5018, 5018, k16To19},
    {5020, 5020, k16To19},  // Maestro
    {5038, 5038, k16To19},
    {5893, 5893, k16To19},   // Maestro
    {5100, 5599, only(16)},  // Mastercard
    {6011, 6011, k16To19},   // Discover
    {6200, 6299, k16To19},   // UnionPay
    {6304, 6304, k16To19},
    {6440, 6499, k16To19},  // Maestro, Discover
    {6500, 6599, k16To19},
    {6759, 6763, k16To19},  // Discover, Maestro
    {8171, 8171, k16To19},  // UnionPay
};

// A run of digits, whole or in groups of one separator.
struct Run {
  std::array<char, kMaxDigits> digits{};
  std::size_t size = 0;
  std::array<std::uint8_t, kMaxGroups> groups{};
  std::size_t group_count = 0;
  char separator = 0;
  std::size_t end = 0;
  bool too_long = false;
};

// Reads one group of digits; false when it does not fit.
bool read_group(std::string_view text, std::size_t& at, Run& run) noexcept {
  const std::size_t begin = at;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (run.size == kMaxDigits) return false;
    run.digits[run.size++] = text[at];
  }
  run.groups[run.group_count++] = static_cast<std::uint8_t>(at - begin);
  run.end = at;
  return true;
}

Run read_run(std::string_view text, std::size_t at) noexcept {
  Run run;
  run.too_long = !read_group(text, at, run);
  // Only groups of four are followed by another one.
  while (!run.too_long && run.group_count < kMaxGroups && (run.group_count > 1 || run.size == kCardGroupDigits)) {
    if (at + 1 >= text.size() || (text[at] != ' ' && text[at] != '-') || !is_digit(text[at + 1])) break;
    if (run.separator != 0 && text[at] != run.separator) break;
    const Run before = run;
    run.separator = text[at];
    std::size_t next = at + 1;
    if (!read_group(text, next, run)) return before;
    at = next;
  }
  return run;
}

bool is_issued(const Run& run, bool any_length) noexcept {
  int prefix = 0;
  for (std::size_t i = 0; i < 4; ++i) prefix = prefix * 10 + (run.digits[i] - '0');
  return std::any_of(std::begin(kIssuers), std::end(kIssuers), [&](const Issuer& issuer) {
    return prefix >= issuer.first && prefix <= issuer.last && (any_length || (issuer.lengths >> run.size & 1u) != 0);
  });
}

// Luhn (ISO/IEC 7812-1, annex B).
bool has_check_digit(const Run& run) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < run.size; ++i) {
    int digit = run.digits[run.size - 1 - i] - '0';
    if (i % 2 == 1 && (digit *= 2) > 9) digit -= 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

// How cards print their number, the longest first.
struct Grouping {
  std::array<std::uint8_t, kMaxGroups> groups;
  std::size_t count;
};
constexpr Grouping kGroupings[] = {{{4, 4, 4, 4, 3}, 5}, {{4, 4, 4, 4}, 4}, {{4, 6, 5}, 3}, {{4, 6, 4}, 3}};

// The first groups of `run` as a run of their own. What follows them after a blank (a check value, a date) is another
// thing; after '-' it is the same one.
bool take_groups(const Run& run, const Grouping& grouping, Run& taken) noexcept {
  const std::size_t count = grouping.count;
  if (run.group_count < count || (run.separator == '-' && run.group_count > count)) return false;
  if (!std::equal(run.groups.begin(), run.groups.begin() + count, grouping.groups.begin())) return false;
  taken = run;
  for (; taken.group_count > count; --taken.group_count) {
    taken.size -= taken.groups[taken.group_count - 1];
    taken.end -= taken.groups[taken.group_count - 1] + 1u;
  }
  return true;
}

bool is_card(const Run& run) noexcept {
  return run.size >= kMinCardDigits && is_issued(run, false) && has_check_digit(run);
}

// Where the card number that `run` begins with ends; 0 when it begins with none.
std::size_t end_of_card(const Run& run) noexcept {
  if (run.group_count == 1) return is_card(run) ? run.end : 0;
  for (const Grouping& grouping : kGroupings) {
    Run taken;
    if (take_groups(run, grouping, taken) && is_card(taken)) return taken.end;
  }
  return 0;
}

// "0.4111…" is a fraction, and "…-4111-…" goes on with what stands before.
bool continues_something(std::string_view text, std::size_t at, const Run& run) noexcept {
  if (at < 2 || !is_digit(text[at - 2])) return false;
  return text[at - 1] == '.' || (text[at - 1] == '-' && run.separator == '-');
}

bool within_hash(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  auto is_hex = [&](std::size_t i) { return is_digit(text[i]) || is_hex_letter(text[i]); };
  if ((begin == 0 || !is_letter(text[begin - 1])) && (end == text.size() || !is_letter(text[end]))) return false;
  const std::size_t first = begin, last = end;
  while (begin > 0 && first - begin < kHashDigits && is_hex(begin - 1)) --begin;
  while (end < text.size() && end - last < kHashDigits && is_hex(end)) ++end;
  return end - begin >= kHashDigits;
}

}  // namespace

Span find_card(std::string_view text, std::size_t at, bool cut) noexcept {
  const Run run = read_run(text, at);
  if (run.too_long || run.size < 4 || continues_something(text, at, run)) return {};
  const bool unfinished = cut && run.end + 1 >= text.size() && run.size >= kMinCutDigits && is_issued(run, true);
  const std::size_t end = unfinished ? run.end : end_of_card(run);
  if (end == 0 || within_hash(text, at, end)) return {};
  return {at, end};
}

}  // namespace logs_sdk::inline v1
