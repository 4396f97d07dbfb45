#include "src/masking/text_scan.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/base/ascii.h"
#include "src/base/find_any.h"
#include "src/base/hex.h"
#include "src/masking/auth_scheme.h"
#include "src/masking/card_number.h"
#include "src/masking/key_formats.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {
namespace {

// Names are short; looking back further would make the pass quadratic.
constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxBlanksBeforeSeparator = 8;

constexpr bool is_quote(char c) noexcept { return c == '"' || c == '\''; }

constexpr bool is_separator(char c) noexcept { return c == ':' || c == '='; }

// Names whose values go on to the end of the line: credentials with parameters, cookies.
bool takes_whole_line(std::string_view name) noexcept {
  auto ends_with = [&](std::string_view word) {
    return name.size() >= word.size() &&
           std::equal(word.begin(), word.end(), name.end() - static_cast<std::ptrdiff_t>(word.size()),
                      [](char expected, char c) { return expected == to_lower(c); });
  };
  return ends_with("authorization") || ends_with("cookie") || ends_with("cookie2");
}

// Number of backslashes that end at `end`.
std::size_t backslashes_before(std::string_view text, std::size_t end) noexcept {
  std::size_t count = 0;
  while (count < end && text[end - 1 - count] == '\\') ++count;
  return count;
}

// The byte that an escape at `at` stands for, and how long the escape is; 0 for none. A character outside ASCII, which
// stands in no pattern, becomes '?'.
std::size_t unescape(std::string_view name, std::size_t at, char& byte) noexcept {
  std::array<std::uint8_t, 2> unit{};
  if (name[at] == '%' && at + 2 < name.size()) {
    const int high = hex_value(name[at + 1]), low = hex_value(name[at + 2]);
    byte = static_cast<char>(high * 16 + low);
    return high >= 0 && low >= 0 ? 3 : 0;
  }
  const std::size_t mark = name.find_first_not_of('\\', at);  // escaped again where JSON stands in JSON
  if (mark == at || mark >= name.size() || name[mark] != 'u' || !parse_hex(name.substr(mark + 1, 4), unit)) return 0;
  byte = unit[0] != 0 ? '?' : static_cast<char>(unit[1]);
  return mark + 5 - at;
}

// JSON may write any character of a name as \\u0041, a form as %41.
SecretNames::Verdict verdict_of(const SecretNames& names, std::string_view name) noexcept {
  if (find_any<'\\', '%'>(name) == name.size()) return names.verdict(name);
  std::array<char, kMaxNameBytes> plain{};
  std::size_t size = 0;
  for (std::size_t i = 0; i < name.size(); ++size) {
    const std::size_t taken = unescape(name, i, plain[size]);
    if (taken == 0) plain[size] = name[i];
    i += std::max<std::size_t>(taken, 1);
  }
  return names.verdict({plain.data(), size});
}

}  // namespace

bool TextScan::run(std::string& out) {
  bool changed = false;
  std::size_t from = 0;
  for (std::size_t at = triggers_.next(0); at < text_.size(); at = triggers_.next(from)) {
    const Finding finding = look(at, from);
    const std::size_t begin = std::max(finding.span.begin, done_);
    if (finding.span.empty() || begin >= finding.span.end || text_.substr(begin, finding.span.end - begin) == kMasked) {
      from = std::max(finding.next, at + 1);
      continue;
    }
    out.append(text_.substr(done_, begin - done_)).append(finding.quote).append(kMasked).append(finding.quote);
    changed = true;
    done_ = from = finding.span.end;
  }
  if (changed) out.append(text_.substr(done_));
  return changed;
}

TextScan::Finding TextScan::look(std::size_t at, std::size_t from) noexcept {
  Finding finding;
  switch (const char c = text_[at]) {
    case ':':
    case '=':
      return look_at_separator(at);
    case ' ':
      return look_at_blank(at);
    case '>':
      return look_at_tag_end(at);
    case '-':
      return look_at_dash(at, from);
    case '_':
    case '.':
      finding.span = find_prefixed_key(text_, at, cut_);
      return finding;
    case 'J':
      finding.span = find_jwt(text_, at, cut_, no_token_before_);
      return finding;
    case 'K':
    case 'S':
    case 'B':
    case 'C':
    case 'I':
    case 'T':
      finding.span = find_access_key(text_, at, cut_);
      return finding;
    default:
      return is_digit(c) ? look_at_digit(at, from) : finding;
  }
}

TextScan::Finding TextScan::look_at_digit(std::size_t at, std::size_t from) const noexcept {
  while (at > from && is_digit(text_[at - 1])) --at;
  Finding finding;
  finding.next = end_of_digits(text_, at);
  if (may_begin_card(text_, at, finding.next, cut_)) finding.span = find_card(text_, at, cut_);
  return finding;
}

// The trigger of a PEM block is its second dash.
TextScan::Finding TextScan::look_at_dash(std::size_t at, std::size_t from) const noexcept {
  Finding finding;
  if (at > from && text_[at - 1] == '-') finding.span = find_pem(text_, at - 1);
  if (finding.span.empty() && at + 1 < text_.size() && text_[at + 1] == '-') finding.span = find_pem(text_, at);
  if (finding.span.empty()) finding.span = find_prefixed_key(text_, at, cut_);
  return finding;
}

// "Bearer abc" in the middle of a text. Prose about bearers has no digits.
TextScan::Finding TextScan::look_at_blank(std::size_t at) const noexcept {
  constexpr std::string_view kWords[] = {"bearer", "basic"};
  constexpr std::size_t kMinCredentials = 8;
  Finding finding;
  if (at < 5 || (text_[at - 1] != 'r' && text_[at - 1] != 'c' && text_[at - 1] != 'R' && text_[at - 1] != 'C'))
    return finding;
  const bool known = std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return at >= word.size() && auth_scheme_bytes(text_.substr(at - word.size(), word.size() + 1)) == word.size();
  });
  if (!known) return finding;
  std::size_t end = at + 1;
  bool digit = false;
  for (; end < text_.size() &&
         (is_key_character(text_[end]) || std::string_view("._~+/=").find(text_[end]) != std::string_view::npos);
       ++end)
    digit |= is_digit(text_[end]) || text_[end] == '=';
  if (end - at - 1 >= kMinCredentials && (digit || end - at > 24)) finding.span = {at + 1, end};
  return finding;
}

TextScan::Finding TextScan::look_at_separator(std::size_t at) const noexcept {
  Finding finding;
  if (text_[at] == ':' && text_.compare(at + 1, 2, "//") == 0) {
    const std::size_t begin = at + 3;
    const std::size_t end = find_any<'/', '?', '#', ' ', '\t', '\r', '\n', '"', '\'', '<', '>', '\\'>(text_, begin);
    const std::size_t sign = text_.substr(begin, end - begin).rfind('@');
    if (sign != std::string_view::npos && sign > 0) finding.span = {begin, begin + sign};
    // Cut within what may be a password.
    else if (cut_ && end == text_.size() && text_.substr(begin).find(':') != std::string_view::npos)
      finding.span = {begin, end};
    return finding;
  }
  if (is_short_name(at)) return finding;
  const Name name = name_before(at);
  if (name.text.empty()) return finding;
  const SecretNames::Verdict verdict = verdict_of(names_, name.text);
  return verdict == SecretNames::Verdict::kOpen ? finding : value_after(at + 1, name, verdict);
}

// Whether the name that ends at `at`, bare and with no blank after it, is too short for the list: q=0.9.
bool TextScan::is_short_name(std::size_t at) const noexcept {
  const std::size_t shortest = names_.min_bytes();
  const std::size_t begin = at - std::min(at - done_, shortest);
  std::size_t first = at;
  while (first > begin && is_name_character(text_[first - 1])) --first;
  if (first == at) return at == done_ || !(is_quote(text_[at - 1]) || is_blank(text_[at - 1]) || text_[at - 1] == ':');
  return at - first < shortest;
}

// `<name>value</name>`, the name with attributes or not. Nothing where no name stands in front of the '>', and where a
// word does that is not closed, as in vector<token>.
TextScan::Finding TextScan::look_at_tag_end(std::size_t at) noexcept {
  Finding finding;
  std::size_t begin = at;
  while (begin > done_ && at - begin < kMaxNameBytes && text_[begin - 1] != '<' && text_[begin - 1] != '>') --begin;
  if (begin == done_ || text_[begin - 1] != '<' || at == begin || text_[at - 1] == '/') return finding;
  const std::string_view tag = text_.substr(begin, at - begin);
  const std::string_view name = tag.substr(0, find_any<' ', '\t', '\r', '\n'>(tag));
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) { return is_name_character(c) || c == ':'; });
  if (name.empty() || !is_name) return finding;
  if (next_end_tag_ <= at) next_end_tag_ = std::min(text_.find("</", at + 1), text_.size());
  const bool torn = cut_ && next_end_tag_ == text_.size();
  const bool hidden = torn ? names_.matches(name) : names_.hides(name, text_.substr(at + 1, next_end_tag_ - at - 1));
  if (!hidden) return finding;
  const bool in_word = begin >= 2 && is_name_character(text_[begin - 2]);
  const bool closed = next_end_tag_ < text_.size() && text_.substr(next_end_tag_ + 2).starts_with(name);
  if (!in_word || closed) finding.span = {at + 1, next_end_tag_};
  return finding;
}

TextScan::Name TextScan::name_before(std::size_t at) const noexcept {
  std::size_t end = at;
  if (end > done_ && text_[end - 1] == ':') --end;  // ":="
  for (std::size_t blanks = 0; end > done_ && is_blank(text_[end - 1]) && blanks < kMaxBlanksBeforeSeparator; ++blanks)
    --end;
  Name name;
  if (end > done_ && is_quote(text_[end - 1])) {
    const std::size_t escapes = backslashes_before(text_.substr(0, end - 1), end - 1);
    name.quote = text_.substr(end - 1 - escapes, escapes + 1);
    const char quote = name.quote.back();
    const bool doubled = escapes == 0 && end - done_ >= 2 && text_[end - 2] == quote;  // JSON in a field of CSV
    if (doubled) name.quote = text_.substr(end - 2, 2);
    end -= name.quote.size();
    std::size_t begin = end;
    while (begin > done_ && end - begin < kMaxNameBytes && text_[begin - 1] != quote && text_[begin - 1] != '\n')
      --begin;
    name.text = text_.substr(begin, end - begin);
    return name;
  }
  std::size_t begin = end;
  while (begin > done_ && end - begin < kMaxNameBytes && is_name_character(text_[begin - 1])) --begin;
  name.text = text_.substr(begin, end - begin);
  return name;
}

TextScan::Finding TextScan::value_after(std::size_t at, const Name& name, SecretNames::Verdict verdict) const noexcept {
  Finding finding;
  Value value = value_at(at, name);
  if (value.span.empty() && value.after == text_.size()) return finding;
  finding.span = value.span;
  // In torn text, what seemed the value may be a name itself: then its value is swallowed as well.
  while (const std::size_t separator = separator_after(value, name)) {
    const bool whole_line =
        takes_whole_line(text_.substr(value.span.begin, std::min(separator, value.span.end) - value.span.begin));
    value = value_at(separator + 1, name);
    if (whole_line) value.span.end = value.after = std::max(line_end(separator), value.span.end);
    finding.span.end = value.span.end;
  }
  finding.next = value.after;
  if (!value.quoted) finding.quote = name.quote;
  const std::string_view shown = text_.substr(finding.span.begin, finding.span.end - finding.span.begin);
  const bool torn = cut_ && finding.span.end == text_.size();
  if (verdict == SecretNames::Verdict::kSecretUnlessShortNumber && is_short_number(shown) && !torn) finding.span = {};
  return finding;
}

std::size_t TextScan::line_end(std::size_t at) const noexcept {
  return std::min(text_.find_first_of("\r\n", at), text_.size());
}

std::size_t TextScan::skip_blanks(std::size_t at, const Name& name) const noexcept {
  while (at < text_.size() && (name.quote.empty() ? is_blank(text_[at]) : is_space(text_[at]))) ++at;
  return at;
}

// Where the separator stands that makes a name of `value`; 0 for nowhere.
std::size_t TextScan::separator_after(const Value& value, const Name& name) const noexcept {
  if (!value.span.empty() && !value.quoted && is_separator(text_[value.span.end - 1])) return value.span.end - 1;
  const std::size_t at = skip_blanks(value.after, name);
  return at < text_.size() && is_separator(text_[at]) ? at : 0;
}

TextScan::Value TextScan::value_at(std::size_t at, const Name& name) const noexcept {
  if (at < text_.size() && (text_[at] == '>' || text_[at] == '=')) ++at;  // "=>", "=="
  at = skip_blanks(at, name);
  if (at == text_.size()) return {{at, at}, at, false};
  const bool doubled = name.quote.size() == 2 && name.quote.front() == name.quote.back();
  if (doubled && text_.substr(at).starts_with(name.quote)) {
    const std::size_t begin = at + 2;
    std::size_t close = text_.find(name.quote, begin);
    while (close != std::string_view::npos && backslashes_before(text_.substr(begin), close - begin) % 2 != 0)
      close = text_.find(name.quote, close + 2);
    const std::size_t end = std::min(close, text_.size());
    return {{begin, end}, std::min(end + 2, text_.size()), true};
  }
  std::size_t quote = at;
  while (quote < text_.size() && text_[quote] == '\\') ++quote;
  if (quote < text_.size() && is_quote(text_[quote])) return quoted_value(at, quote + 1);
  const Span span = text_[at] == '{' || text_[at] == '[' ? bracketed_value(at) : bare_value(at, name);
  return {span, span.end, false};
}

// The inside of a quoted value; to the end of the text when the quote is not closed.
TextScan::Value TextScan::quoted_value(std::size_t quote_begin, std::size_t quote_end) const noexcept {
  const std::size_t escapes = quote_end - quote_begin - 1;
  const char quote = text_[quote_end - 1];
  const char three[] = {quote, quote, quote};  // as TOML and Python write texts of several lines
  if (const std::string_view opening(three, sizeof three); text_.substr(quote_end - 1).starts_with(opening)) {
    const std::size_t close = std::min(text_.find(opening, quote_end + 2), text_.size());
    return {{quote_end + 2, close}, std::min(close + opening.size(), text_.size()), true};
  }
  for (std::size_t close = text_.find(quote, quote_end); close != std::string_view::npos;
       close = text_.find(quote, close + 1)) {
    // In "it's" the quote closes nothing, and in torn text nothing is closed in front of a word.
    if (close + 1 < text_.size() && is_alphanumeric(text_[close + 1])) continue;
    const std::size_t found = backslashes_before(text_.substr(quote_end), close - quote_end);
    // As many backslashes as the opening one has, or the outer string ends; an even number more are themselves escaped.
    if (found <= escapes) return {{quote_end, close - found}, close + 1, true};
    if (escapes == 0 && found % 2 == 0) return {{quote_end, close}, close + 1, true};
  }
  return {{quote_end, text_.size()}, text_.size(), true};
}

// A list or object to its closing bracket; to the end of the text when there is none.
Span TextScan::bracketed_value(std::size_t at) const noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = at; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '"' && backslashes_before(text_.substr(at), i - at) % 2 == 0) in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return {at, i + 1};
  }
  return {at, text_.size()};
}

Span TextScan::bare_value(std::size_t at, const Name& name) const noexcept {
  if (!name.quote.empty()) {  // a JSON number or word
    const std::size_t end = std::min(text_.find_first_of(",}] \t\r\n", at), text_.size());
    return {at, end};
  }
  const std::size_t scheme = auth_scheme_bytes(text_.substr(at));
  if (scheme > 0)
    for (at += scheme; at < text_.size() && is_blank(text_[at]);) ++at;
  if (takes_whole_line(name.text)) return {at, line_end(at)};
  std::size_t end = std::min(text_.find_first_of(" \t\r\n&\"'<>", at), text_.size());
  // What closes a sentence or a bracket is no part of it.
  while (end > at && end < text_.size() + 1 &&
         std::string_view(",;.)]}").find(text_[end - 1]) != std::string_view::npos)
    --end;
  return {at, end};
}

}  // namespace logs_sdk::inline v1
