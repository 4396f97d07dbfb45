#include "src/masking/secret_names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "src/masking/name_table.h"

namespace logs_sdk::inline v1 {
namespace {

// No real name is longer; one that is counts as secret, whatever it hides in its middle.
constexpr std::size_t kMaxNormalisedBytes = 128;

// The built-in list, normalised. Whole names:
constexpr std::array<std::string_view, 24> kWhole = {
    "authorization", "cookie",     "cookie2", "setcookie", "setcookie2", "proxyauthorization",
    "pwd",           "passphrase", "session", "sid",       "ssid",       "connectsid",
    "aspsessionid",  "jwt",        "sig",     "card",      "cardno",     "cardnum",
    "ccnumber",      "ccnum",      "cvc",     "cvc2",      "csc",        "securitycode"};
constexpr NameTable<kWhole.size()> kWholeTable(kWhole);

// Names that contain one of these; sorted by first letter, so that a letter leads to its few candidates.
constexpr std::array<std::string_view, 15> kContained = {
    "accesskey", "apikey",     "cardnumber", "credential", "creditcard", "cvv",        "passphrase",   "passwd",
    "password",  "privatekey", "secret",     "sessid",     "sessionid",  "signingkey", "xamzsignature"};
constexpr std::string_view kToken = "token";

// kFirst[c]..kFirst[c + 1]: entries of kContained that begin with the letter 'a' + c.
constexpr auto kFirst = [] {
  std::array<std::uint8_t, 28> first{};
  std::size_t at = 0;
  for (std::size_t letter = 0; letter < first.size(); ++letter) {
    while (at < kContained.size() && static_cast<std::size_t>(kContained[at][0] - 'a') < letter) ++at;
    first[letter] = static_cast<std::uint8_t>(at);
  }
  return first;
}();
static_assert(std::is_sorted(kContained.begin(), kContained.end()));

// What becomes of a character of a name: itself in lower case, 0 to be left out.
constexpr auto kNormal = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  table['-'] = table['_'] = table[' '] = table['\t'] = 0;
  return table;
}();

constexpr auto kPartEnds = [] {
  std::array<bool, 256> table{};
  for (const char c : {'.', '[', ']', ':', '/', '$'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();
bool is_part_end(char c) noexcept { return kPartEnds[static_cast<unsigned char>(c)]; }

struct Normalised {
  std::array<char, kMaxNormalisedBytes> bytes;
  std::size_t size = 0;
  std::string_view view() const noexcept { return {bytes.data(), size}; }
};

// False when the name is too long.
bool normalise(std::string_view name, Normalised& out) noexcept {
  for (const char c : name) {
    const char normal = kNormal[static_cast<unsigned char>(c)];
    if (normal == 0) continue;
    if (out.size == out.bytes.size()) return false;
    out.bytes[out.size++] = normal;
  }
  return true;
}

// "login[pwd]" -> "pwd".
std::string_view last_part(std::string_view name) noexcept {
  while (!name.empty() && is_part_end(name.back())) name.remove_suffix(1);
  std::size_t begin = name.size();
  while (begin > 0 && !is_part_end(name[begin - 1])) --begin;
  return name.substr(begin);
}

// Bit c: a word of kContained, or kToken, begins with the letter 'a' + c. Two letters of three end there.
constexpr std::uint32_t kFirstLetters = [] {
  std::uint32_t letters = 1u << (kToken[0] - 'a');
  for (const std::string_view word : kContained) letters |= 1u << (word[0] - 'a');
  return letters;
}();

// To tokenize is what language models do with any text: no secret.
bool is_token(std::string_view name) noexcept {
  if (!name.starts_with(kToken)) return false;
  name.remove_prefix(kToken.size());
  constexpr std::string_view kEndings[] = {"iz", "ise", "isa", "isi"};
  return std::none_of(std::begin(kEndings), std::end(kEndings),
                      [&](std::string_view ending) { return name.starts_with(ending); });
}

struct Words {
  bool secret = false, token = false;
};

// Which words of the list `name` contains; one pass over its letters.
Words find_words(std::string_view name) noexcept {
  Words words;
  for (std::size_t at = 0; at + 2 < name.size(); ++at) {
    const auto letter = static_cast<unsigned char>(name[at] - 'a');
    if (letter > 25 || (kFirstLetters >> letter & 1u) == 0) continue;
    if (name[at] == 't' && name[at + 1] == 'o' && is_token(name.substr(at))) words.token = true;
    for (std::size_t i = kFirst[letter]; i < kFirst[letter + 1u]; ++i)
      if (kContained[i][1] == name[at + 1] && name.substr(at).starts_with(kContained[i])) words.secret = true;
  }
  return words;
}

// What gateways and frameworks put a word of their own in front of: HTTP_COOKIE, X-Forwarded-Authorization, user_pwd.
constexpr std::array<std::string_view, 3> kEndings = {"authorization", "cookie", "pwd"};

bool is_whole_secret(std::string_view name) noexcept {
  if (kWholeTable.find(name) < kWhole.size()) return true;
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

SecretNames::SecretNames(const std::vector<std::string>& extra, const std::vector<std::string>& allow)
    : extra_(compile(extra)), allow_(compile(allow)), filter_(make_filter(extra_)) {}

NameFilter SecretNames::make_filter(const std::vector<Pattern>& extra) {
  NameFilter filter;
  for (const std::string_view word : kWhole) filter.add(word);
  for (const std::string_view word : kContained) filter.add(word);
  for (const std::string_view word : kEndings) filter.add(word);
  filter.add(kToken);
  for (const Pattern& pattern : extra) filter.add(pattern.text);
  return filter;
}

std::vector<SecretNames::Pattern> SecretNames::compile(const std::vector<std::string>& names) {
  std::vector<Pattern> patterns;
  for (std::string_view name : names) {
    Pattern pattern;
    pattern.open_front = name.starts_with('*');
    if (pattern.open_front) name.remove_prefix(1);
    pattern.open_back = name.ends_with('*');
    if (pattern.open_back) name.remove_suffix(1);
    for (const char c : name)
      if (const char normal = kNormal[static_cast<unsigned char>(c)]; normal != 0) pattern.text.push_back(normal);
    if (!pattern.text.empty()) patterns.push_back(std::move(pattern));
  }
  return patterns;
}

bool SecretNames::Pattern::matches(std::string_view normalised) const noexcept {
  if (open_front && open_back) return normalised.find(text) != std::string_view::npos;
  if (open_front) return normalised.ends_with(text);
  if (open_back) return normalised.starts_with(text);
  return normalised == text;
}

bool SecretNames::any(const std::vector<Pattern>& patterns, std::string_view normalised) noexcept {
  return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return p.matches(normalised); });
}

SecretNames::Verdict SecretNames::verdict_of_normalised(std::string_view normalised) const noexcept {
  if (any(extra_, normalised)) return Verdict::kSecret;
  if (normalised.size() < kMinNameBytes) return Verdict::kOpen;
  const Words words = find_words(normalised);
  const bool secret = words.secret || is_whole_secret(normalised);
  if ((!secret && !words.token) || any(allow_, normalised)) return Verdict::kOpen;
  return secret ? Verdict::kSecret : Verdict::kSecretUnlessShortNumber;
}

SecretNames::Verdict SecretNames::verdict(std::string_view name) const noexcept {
  if (name.size() <= kMaxNormalisedBytes && !filter_.may_match(name)) return Verdict::kOpen;
  Normalised whole;
  if (!normalise(name, whole)) return Verdict::kSecret;
  const Verdict verdict = verdict_of_normalised(whole.view());
  const std::string_view part = last_part(name);
  if (verdict == Verdict::kSecret || part.size() == name.size()) return verdict;
  if (any(allow_, whole.view())) return Verdict::kOpen;
  Normalised last;
  static_cast<void>(normalise(part, last));  // shorter than the whole, which fitted
  return std::max(verdict, verdict_of_normalised(last.view()));
}

bool SecretNames::is_extra(std::string_view name) const noexcept {
  if (extra_.empty()) return false;
  Normalised whole;
  return !normalise(name, whole) || any(extra_, whole.view());
}

bool SecretNames::hides(std::string_view name, std::string_view value) const noexcept {
  const Verdict found = verdict(name);
  return found == Verdict::kSecret || (found == Verdict::kSecretUnlessShortNumber && !is_short_number(value));
}

bool is_short_number(std::string_view value) noexcept {
  return !value.empty() && value.size() <= 9 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace logs_sdk::inline v1
