#include "src/masking/key_formats.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/base/ascii.h"
#include "src/masking/trigger_kernels.h"

namespace logs_sdk::inline v1 {
namespace {

struct KeyPrefix {
  std::string_view text;  // ends with '_', '-' or '.'
  std::size_t min_rest;   // characters of the key after it
  bool at_word_start;     // for prefixes that words and names also end with
};

constexpr KeyPrefix kPrefixes[] = {
    {"clog_sk_", 1, false},                                               // this platform's own
    {"ghp_", 30, false},    {"gho_", 30, false},    {"ghu_", 30, false},  // GitHub
    {"ghs_", 30, false},    {"ghr_", 30, false},    {"github_pat_", 20, false},
    {"glpat-", 16, false},                                                // GitLab
    {"xoxa-", 8, false},    {"xoxb-", 8, false},    {"xoxe-", 8, false},  // Slack
    {"xoxo-", 8, false},    {"xoxp-", 8, false},    {"xoxr-", 8, false},
    {"xoxs-", 8, false},    {"xapp-", 16, true},    {"sk_live_", 8, false},
    {"rk_live_", 8, false}, {"sk_test_", 8, false},  // Stripe
    {"rk_test_", 8, false}, {"whsec_", 16, false},  {"GOCSPX-", 20, false},
    {"ya29.", 20, false},                                               // Google
    {"sk-", 20, true},                                                  // OpenAI, Anthropic
    {"SG.", 20, true},                                                  // SendGrid
    {"npm_", 30, true},     {"pypi-", 40, true},    {"hf_", 30, true},  // package and model registries
    {"dop_v1_", 40, false}, {"shpat_", 30, false},  {"AGE-SECRET-KEY-", 40, false},
};

static_assert(std::all_of(std::begin(kPrefixes), std::end(kPrefixes), [](const KeyPrefix& prefix) {
  return is_trigger(prefix.text[prefix.text.size() - 2], prefix.text.back());
}));

// Which of the characters that end a prefix a character may stand one or two places in front of: '_', '-' and '.' are
// frequent, and most of them are dismissed by two look-ups.
constexpr std::uint8_t end_bit(char end) noexcept { return end == '_' ? 1 : end == '-' ? 2 : 4; }
using EndTable = std::array<std::uint8_t, 256>;
constexpr EndTable ends_after(std::size_t distance) noexcept {
  EndTable table{};
  for (const KeyPrefix& prefix : kPrefixes)
    table[static_cast<unsigned char>(prefix.text[prefix.text.size() - 1 - distance])] |= end_bit(prefix.text.back());
  return table;
}
constexpr EndTable kOneBefore = ends_after(1), kTwoBefore = ends_after(2);

std::size_t end_of_key(std::string_view text, std::size_t at, bool dots) noexcept {
  while (at < text.size() && (is_key_character(text[at]) || (dots && text[at] == '.'))) ++at;
  return at;
}

// Prose has no digits: "sk-" followed by a hyphenated word is none of our business.
bool has_digit(std::string_view text) noexcept { return text.find_first_of("0123456789") != std::string_view::npos; }

struct AccessKey {
  std::string_view prefix;
  std::size_t min_rest, max_rest;
  bool upper_only;
};
constexpr AccessKey kAccessKeys[] = {
    {"AKIA", 16, 16, true},  {"ASIA", 16, 16, true},  {"ABIA", 16, 16, true},  // AWS
    {"ACCA", 16, 16, true},  {"AIza", 35, 35, false},                          // AWS, Google
    {"LTAI", 12, 26, false}, {"AKID", 32, 36, false},                          // Alibaba, Tencent
};
static_assert(std::all_of(std::begin(kAccessKeys), std::end(kAccessKeys),
                          [](const AccessKey& key) { return is_trigger(key.prefix[0], key.prefix[1]); }));

}  // namespace

bool may_end_key_prefix(std::string_view text, std::size_t at) noexcept {
  if (at < 2) return false;
  const auto one = static_cast<unsigned char>(text[at - 1]), two = static_cast<unsigned char>(text[at - 2]);
  return (kOneBefore[one] & kTwoBefore[two] & end_bit(text[at])) != 0;
}

Span find_jwt(std::string_view text, std::size_t at, bool cut, std::size_t& no_token_before) noexcept {
  // RFC 7519: header.payload.signature; the last part may be empty, an encrypted token has five.
  constexpr std::size_t kMinHeader = 10, kMinPayload = 4;
  if (at < 2 || at < no_token_before || text[at - 1] != 'y' || text[at - 2] != 'e') return {};
  const std::size_t begin = at - 2;
  const std::size_t header_end = end_of_key(text, at, false);
  if (cut && header_end == text.size()) return {begin, header_end};
  // Whatever begins later in this run ends where it does, with a shorter header and the same payload.
  no_token_before = header_end;
  if (header_end == text.size() || text[header_end] != '.' || header_end - begin < kMinHeader) return {};
  const std::size_t end = end_of_key(text, header_end, true);
  const bool complete = end - header_end > kMinPayload;
  return complete || (cut && end == text.size()) ? Span{begin, end} : Span{};
}

Span find_pem(std::string_view text, std::size_t at) noexcept {
  constexpr std::string_view kBegin = "-----BEGIN", kEnd = "-----END", kDashes = "-----";
  if (text.compare(at, kBegin.size(), kBegin) != 0) return {};
  const std::size_t last_line = text.find(kEnd, at + kBegin.size());
  if (last_line == std::string_view::npos) return {at, text.size()};
  const std::size_t dashes = text.find(kDashes, last_line + kEnd.size());
  return {at, dashes == std::string_view::npos ? text.size() : dashes + kDashes.size()};
}

Span find_prefixed_key(std::string_view text, std::size_t at, bool cut) noexcept {
  if (!may_end_key_prefix(text, at)) return {};
  for (const KeyPrefix& prefix : kPrefixes) {
    if (!text.substr(0, at + 1).ends_with(prefix.text)) continue;
    const std::size_t begin = at + 1 - prefix.text.size();
    const bool in_word = begin > 0 && (is_key_character(text[begin - 1]) || text[begin - 1] == '.');
    if (prefix.at_word_start && in_word) continue;
    const std::size_t end = end_of_key(text, at + 1, prefix.text.back() == '.');
    if (cut && end == text.size() && end > at + 1) return {begin, end};
    if (end - at - 1 < prefix.min_rest) continue;
    if (prefix.at_word_start && !has_digit(text.substr(begin, end - begin))) continue;
    return {begin, end};
  }
  return {};
}

Span find_access_key(std::string_view text, std::size_t at, bool cut) noexcept {
  if (at == 0) return {};
  const std::size_t begin = at - 1;
  for (const AccessKey& key : kAccessKeys) {
    if (text[begin] != key.prefix[0] || text[at] != key.prefix[1]) continue;
    if (!text.substr(begin).starts_with(key.prefix)) continue;
    std::size_t end = begin + key.prefix.size();
    const std::size_t rest = end;
    while (end < text.size() && end - rest <= key.max_rest &&
           (key.upper_only ? is_upper(text[end]) || is_digit(text[end]) : is_key_character(text[end])))
      ++end;
    if (cut && end == text.size()) return {begin, end};
    const std::size_t length = end - rest;
    if (length >= key.min_rest && length <= key.max_rest && has_digit(text.substr(rest, length))) return {begin, end};
  }
  return {};
}

}  // namespace logs_sdk::inline v1
