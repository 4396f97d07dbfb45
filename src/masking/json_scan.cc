#include "src/masking/json_scan.h"

#include <algorithm>
#include <array>

#include "src/base/ascii.h"
#include "src/json/json_text.h"
#include "src/masking/auth_scheme.h"
#include "src/masking/masker.h"
#include "src/masking/text_scan.h"

namespace logs_sdk::inline v1 {
namespace {

// Members of a pair, as lists of headers, form fields and settings have them.
constexpr std::array<std::string_view, 6> kPairNames = {"name", "key", "field", "header", "param", "parameter"};
constexpr std::array<std::string_view, 4> kPairValues = {"value", "values", "val", "content"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view name) noexcept {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return word.size() == name.size() && std::equal(word.begin(), word.end(), name.begin(),
                                                    [](char expected, char c) { return expected == to_lower(c); });
  });
}

bool says_name(std::string_view name) noexcept {
  constexpr std::uint32_t kFirst =
      1u << ('n' & 31) | 1u << ('k' & 31) | 1u << ('f' & 31) | 1u << ('h' & 31) | 1u << ('p' & 31);
  return !name.empty() && (kFirst >> (static_cast<unsigned char>(name[0]) & 31u) & 1u) != 0 &&
         is_one_of(kPairNames, name);
}

}  // namespace

Scanned JsonScan::run(std::string& out) {
  out_ = &out;
  const std::size_t begin = out.size();
  for (cursor_.skip_any_spaces(); !cursor_.at_end(); cursor_.skip_any_spaces()) {
    if ((expect_ == Expect::kName && plain_member()) || step()) continue;
    out.resize(begin);
    return Scanned::kMalformed;
  }
  if (!changed_) return Scanned::kNothing;
  out.append(text_.substr(done_));
  return Scanned::kChanged;
}

// Most members are plain: no escapes, nothing in the name that the list of secret names could hold, no trigger in a
// value that is a string or a word. Takes one of those with the comma behind it; false, with nothing taken, for any
// other.
bool JsonScan::plain_member() {
  if (cursor_.peek() != '"' || names_.filter().takes_all() || (open_.back() & kNamesSecret) != 0) return false;
  const std::size_t begin = cursor_.at();
  if (!take_plain_member()) {
    cursor_.go_to(begin);
    return false;
  }
  verdict_ = Verdict::kOpen;
  says_name_ = false;
  expect_ = Expect::kComma;
  return cursor_.peek() != ',' || comma();
}

bool JsonScan::take_plain_member() {
  constexpr std::size_t kMaxName = 32, kMaxValue = 256;
  NameFilter::Reader reader(names_.filter());
  const auto name = cursor_.take_plain_string(kMaxName, [&](char c) { return !reader.add(c); });
  if (!name || has_trigger(name->begin, name->end) || !cursor_.take(':')) return false;
  cursor_.take(' ');
  Span value;
  if (cursor_.peek() == '"') {
    const auto string = cursor_.take_plain_string(kMaxValue, [](char) { return true; });
    if (!string) return false;
    value = *string;
  } else {
    value = cursor_.take_word();
    if (value.empty() || cursor_.at_end()) return false;  // there may be more of it
  }
  if (has_trigger(value.begin, value.end)) return false;
  return !says_name(cursor_.view(*name)) || !names_.filter().may_match(cursor_.view(value));
}

// One token; false when none of JSON may stand here.
bool JsonScan::step() {
  const char c = cursor_.peek();
  if (c == '/' || c == '#') {
    const Span comment = cursor_.take_comment();
    return !comment.empty() && mask_comment(comment);
  }
  if (c == '}' || c == ']') return close(c);
  switch (expect_) {
    case Expect::kName:
      return name();
    case Expect::kColon:
      cursor_.skip(1);
      expect_ = Expect::kValue;
      return c == ':';
    case Expect::kValue:
      return value();
    case Expect::kComma:
      break;
  }
  return c == ',' || !open_.empty() ? comma() : value();  // documents follow one another
}

bool JsonScan::comma() {
  if (cursor_.peek() != ',') return false;
  cursor_.skip(1);
  expect_ = in_object() ? Expect::kName : Expect::kValue;
  verdict_ = Verdict::kOpen;
  return true;
}

bool JsonScan::open(char bracket) {
  cursor_.skip(1);
  open_.push_back(bracket == '{' ? kObject : '\0');
  expect_ = bracket == '{' ? Expect::kName : Expect::kValue;
  return true;
}

bool JsonScan::close(char bracket) {
  const bool matches = !open_.empty() && in_object() == (bracket == '}') && expect_ != Expect::kColon;
  if (!matches || (in_object() && expect_ == Expect::kValue)) return false;
  cursor_.skip(1);
  open_.pop_back();
  expect_ = Expect::kComma;
  return true;
}

bool JsonScan::name() {
  JsonString string;
  if (cursor_.at_quote()) {
    string = cursor_.take_string();
    if (!string.closed && !cut_) return false;
  } else {
    string.inside = cursor_.take_word();
    string.closed = true;
    if (string.inside.empty()) return false;
  }
  expect_ = Expect::kColon;
  note_name(string);
  return verdict_ != Verdict::kOpen || mask_string(string);
}

// What the name says of the value that follows.
void JsonScan::note_name(const JsonString& string) {
  std::string_view name = text_.substr(string.inside.begin, string.inside.end - string.inside.begin);
  if (string.escaped) {
    decoded_.clear();
    decode_json_escapes(name, decoded_);
    name = decoded_;
  }
  verdict_ = names_.verdict(name);
  says_name_ = verdict_ == Verdict::kOpen && says_name(name);
  if ((open_.back() & kNamesSecret) != 0 && is_one_of(kPairValues, name)) verdict_ = Verdict::kSecret;
}

// `value`, of a pair, is a name.
void JsonScan::note_pair(std::string_view value) {
  if (names_.matches(value)) open_.back() = static_cast<char>(open_.back() | kNamesSecret);
}

bool JsonScan::value() {
  expect_ = Expect::kComma;
  if (verdict_ != Verdict::kOpen) return secret_value();
  if (cursor_.at_quote()) return string_value();
  const char c = cursor_.peek();
  return c == '{' || c == '[' ? open(c) : bare_value();
}

bool JsonScan::string_value() {
  const JsonString string = cursor_.take_string();
  if (!string.closed && !cut_) return false;
  if (says_name_ && in_object()) note_pair(text_.substr(string.inside.begin, string.inside.end - string.inside.begin));
  says_name_ = false;
  return mask_string(string);
}

bool JsonScan::bare_value() {
  const Span span = cursor_.take_word();
  if (span.empty()) return false;
  const std::string_view word = text_.substr(span.begin, span.end - span.begin);
  if (open_.empty() && !is_digit(word.front()) && word.front() != '-' && word != "true" && word != "false" &&
      word != "null")
    return false;  // prose
  if (!has_trigger(span.begin, span.end)) return true;
  masked_.clear();
  if (TextScan(names_, word, cut_ && span.end == text_.size()).run(masked_)) replace(span, "\"***\"");
  return true;
}

bool JsonScan::secret_value() {
  const Verdict verdict = verdict_;
  verdict_ = Verdict::kOpen;
  if (cursor_.at_quote()) return secret_string();
  const char c = cursor_.peek();
  if (c == ',' || c == ':') return false;
  if (c == '{' || c == '[') {
    replace(cursor_.take_brackets(), "\"***\"");
    return true;
  }
  const Span span = cursor_.take_rest_of_value();
  const std::string_view shown = text_.substr(span.begin, span.end - span.begin);
  const bool torn = cut_ && span.end == text_.size();
  if (verdict == Verdict::kSecretUnlessShortNumber && is_short_number(shown) && !torn) return true;
  replace(span, "\"***\"");
  return true;
}

// Its inside, but for the name of an authentication scheme.
bool JsonScan::secret_string() {
  Span span = cursor_.take_string().inside;
  const std::size_t scheme = auth_scheme_bytes(text_.substr(span.begin, span.end - span.begin));
  if (scheme > 0) span.begin += scheme + 1;
  if (!span.empty() && text_.substr(span.begin, span.end - span.begin) != kMasked) replace(span, kMasked);
  return true;
}

// False when the string has an escape that is none of JSON.
bool JsonScan::mask_string(const JsonString& string) {
  const auto [begin, end] = string.inside;
  std::string_view inside = text_.substr(begin, end - begin);
  // An escape hides a trigger only by its number.
  if (!has_trigger(begin, end) && (!string.escaped || inside.find("\\u") == std::string_view::npos)) return true;
  const bool torn = cut_ && !string.closed;
  if (!string.escaped) {
    masked_.clear();
    if (!strings_.run(ContentKind::kUnknown, inside, torn, masked_)) return true;
  } else {
    if (torn) inside = without_torn_escape(inside);
    decoded_.clear();
    if (!decode_json_escapes(inside, decoded_).valid) return false;
    masked_.clear();
    if (!strings_.run(ContentKind::kUnknown, decoded_, torn, masked_)) return true;
  }
  if (begin > 0 && text_[begin - 1] == '"') {
    std::string encoded;
    append_json_string(masked_, encoded);
    replace({begin, end}, json_string_inside(encoded));
  } else {
    replace({begin, end}, masked_);
  }
  return true;
}

bool JsonScan::mask_comment(Span comment) {
  if (!has_trigger(comment.begin, comment.end)) return true;
  const bool torn = cut_ && comment.end == text_.size();
  masked_.clear();
  if (strings_.run(ContentKind::kText, text_.substr(comment.begin, comment.end - comment.begin), torn, masked_))
    replace(comment, masked_);
  return true;
}

void JsonScan::replace(Span span, std::string_view by) {
  out_->append(text_.substr(done_, span.begin - done_)).append(by);
  done_ = span.end;
  changed_ = true;
}

}  // namespace logs_sdk::inline v1
