#include "src/masking/xml_scan.h"

#include <algorithm>
#include <array>

#include "src/base/ascii.h"
#include "src/base/find_any.h"
#include "src/masking/masker.h"
#include "src/masking/xml_entities.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::array<std::string_view, 5> kPairNames = {"name", "key", "field", "property", "type"};
constexpr std::array<std::string_view, 2> kPairValues = {"value", "content"};

// Elements of HTML without content: the text that follows is none of theirs.
constexpr std::array<std::string_view, 6> kVoid = {"input", "meta", "link", "param", "img", "source"};

bool same(std::string_view name, std::string_view lower) noexcept {
  return name.size() == lower.size() &&
         std::equal(lower.begin(), lower.end(), name.begin(), [](char a, char b) { return a == to_lower(b); });
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view name) noexcept {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return same(name, word); });
}

bool begins_name(char c) noexcept { return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// Other characters stand in names too, but where one does, the text is more likely to be something else.
bool is_name(std::string_view name) noexcept {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("_-.:@").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_blank_text(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_space); }

}  // namespace

Scanned XmlScan::run(std::string& out) {
  out_ = &out;
  const std::size_t begin = out.size();
  while (at_ < text_.size()) {
    const std::size_t less = std::min(text_.find('<', at_), text_.size());
    mask_text({at_, less});
    at_ = less;
    if (less == text_.size() || markup(less)) continue;
    out.resize(begin);
    return Scanned::kMalformed;
  }
  if (!changed_) return Scanned::kNothing;
  out.append(text_.substr(done_));
  return Scanned::kChanged;
}

// What begins at the '<' at `at`; leaves at_ behind it.
bool XmlScan::markup(std::size_t at) {
  const std::string_view rest = text_.substr(at);
  if (rest.starts_with("<!--")) return section(at + 4, "-->");
  if (rest.starts_with("<![CDATA[")) return section(at + 9, "]]>");
  if (rest.starts_with("<?")) return section(at + 2, "?>");
  if (rest.starts_with("<!")) return section(at + 2, ">");
  if (rest.starts_with("</")) {
    masks_next_text_ = false;
    at_ = std::min(text_.find('>', at), text_.size() - 1) + 1;
    return true;
  }
  if (rest.size() > 1) return begins_name(rest[1]) && tag(at + 1);
  at_ = text_.size();
  return cut_;
}

bool XmlScan::section(std::size_t begin, std::string_view end_mark) {
  begin = std::min(begin, text_.size());
  const std::size_t end = std::min(text_.find(end_mark, begin), text_.size());
  mask_text({begin, end});
  at_ = std::min(end + end_mark.size(), text_.size());
  return true;
}

// A tag whose name begins at `at`.
bool XmlScan::tag(std::size_t at) {
  const std::size_t name_end = find_any<' ', '\t', '\r', '\n', '/', '>'>(text_, at);
  const std::string_view name = text_.substr(at, name_end - at);
  const std::size_t end = end_of_tag(name_end);
  const bool torn = end == text_.size();
  if ((torn && !cut_) || !is_name(name)) return false;
  const Span attributes{name_end, end};
  // Which secret a torn tag names may stand in the part that is missing.
  const bool pair = names_secret(attributes) || torn;
  if (!mask_attributes(attributes, pair)) return false;
  at_ = torn ? end : end + 1;
  if (torn || text_[end - 1] == '/') return true;
  // <field name="password"><value>…
  masks_next_text_ = (pair && !is_one_of(kVoid, name)) || (masks_next_text_ && is_one_of(kPairValues, name));
  const SecretNames::Verdict verdict = names_.verdict(name);
  const bool is_code = same(name, "script") || same(name, "style");  // in which a '<' is an operator
  if (verdict == SecretNames::Verdict::kOpen && !is_code) return true;
  const std::size_t close = end_of_element(at_, name);
  if (is_code)
    mask_text({at_, close});
  else
    mask_content({at_, close}, verdict);
  at_ = close;
  return true;
}

// Where the '>' stands that ends the tag, quotes respected.
std::size_t XmlScan::end_of_tag(std::size_t at) const noexcept {
  while ((at = find_any<'"', '\'', '>'>(text_, at)) < text_.size() && text_[at] != '>') {
    const std::size_t close = text_.find(text_[at], at + 1);
    if (close == std::string_view::npos) return text_.size();
    at = close + 1;
  }
  return at;
}

// Where the tag stands that closes the element `name`, whose content begins at `at`.
std::size_t XmlScan::end_of_element(std::size_t at, std::string_view name) const noexcept {
  const auto is_named = [&](std::size_t begin) {
    if (text_.compare(begin, name.size(), name) != 0) return false;
    const std::size_t end = begin + name.size();
    return end == text_.size() || is_space(text_[end]) || text_[end] == '>' || text_[end] == '/';
  };
  for (std::size_t depth = 1; (at = text_.find('<', at)) != std::string_view::npos; ++at) {
    if (text_.compare(at, 9, "<![CDATA[") == 0) {
      at = text_.find("]]>", at);
      if (at == std::string_view::npos) break;
    } else if (text_.compare(at, 2, "</") == 0 && is_named(at + 2)) {
      if (--depth == 0) return at;
    } else if (is_named(at + 1)) {
      ++depth;
    }
  }
  return text_.size();
}

// The next attribute before `end`; false when there is none.
bool XmlScan::next_attribute(std::size_t& at, std::size_t end, Attribute& attribute) const noexcept {
  while (at < end && (is_space(text_[at]) || text_[at] == '/')) ++at;
  if (at >= end) return false;
  const auto find_end = [&](std::size_t from) { return std::min(find_any<' ', '\t', '\r', '\n'>(text_, from), end); };
  attribute = {};
  attribute.name = {at, std::min(find_any<' ', '\t', '\r', '\n', '=', '/'>(text_, at), end)};
  at = attribute.name.end;
  std::size_t equals = at;
  while (equals < end && is_space(text_[equals])) ++equals;
  if (equals == end || text_[equals] != '=') {
    at = std::max(at, attribute.name.begin + 1);
    return true;
  }
  for (at = equals + 1; at < end && is_space(text_[at]);) ++at;
  if (at < end && (text_[at] == '"' || text_[at] == '\'')) {
    const std::size_t close = text_.find(text_[at], at + 1);
    attribute.closed = close < end;
    attribute.value = {at + 1, std::min(close, end)};
    at = std::min(attribute.value.end + 1, end);
  } else {
    attribute.value = {at, find_end(at)};
    at = attribute.value.end;
  }
  return true;
}

// Whether an attribute says that the value of another one is secret.
bool XmlScan::names_secret(Span attributes) const noexcept {
  Attribute attribute;
  for (std::size_t at = attributes.begin; next_attribute(at, attributes.end, attribute);)
    if (is_one_of(kPairNames, view(attribute.name)) && names_.matches(view(attribute.value))) return true;
  return false;
}

// `pair`: what the attribute `value` holds is secret. False when something follows a quote that cannot: it was another
// one that is missing.
bool XmlScan::mask_attributes(Span attributes, bool pair) {
  Attribute attribute;
  for (std::size_t at = attributes.begin; next_attribute(at, attributes.end, attribute);) {
    const std::size_t end = attribute.value.end;
    const bool quoted = at > end && attribute.closed;
    if (quoted && at < attributes.end && !is_space(text_[at]) && text_[at] != '/' && text_[at] != '?') return false;
    if (!attribute.closed && !cut_) return false;
    const std::string_view name = view(attribute.name);
    if (!is_name(name)) return false;
    const bool secret_by_pair = pair && is_one_of(kPairValues, name);
    const auto verdict = secret_by_pair ? SecretNames::Verdict::kSecret : names_.verdict(name);
    if (verdict == SecretNames::Verdict::kOpen)
      mask_text(attribute.value);
    else
      mask_content(attribute.value, verdict);
  }
  return true;
}

void XmlScan::mask_content(Span span, SecretNames::Verdict verdict) {
  const std::string_view content = view(span);
  const bool torn = cut_ && span.end == text_.size();
  const bool counts = verdict == SecretNames::Verdict::kSecretUnlessShortNumber && is_short_number(content) && !torn;
  if (!counts && content != kMasked && !is_blank_text(content)) replace(span, kMasked);
}

// A text that stands by itself; what is encoded as entities is looked at as what it means.
void XmlScan::mask_text(Span span) {
  const std::string_view text = view(span);
  if (text.empty()) return;
  if (masks_next_text_) return mask_content(span, SecretNames::Verdict::kSecret);
  const bool torn = cut_ && span.end == text_.size();
  std::string masked;
  if (text.find('&') == std::string_view::npos) {
    if (texts_.run(ContentKind::kUnknown, text, torn, masked)) replace(span, masked);
    return;
  }
  std::string plain;
  resolve_entities(text, plain);
  if (!texts_.run(ContentKind::kUnknown, plain, torn, masked)) return;
  std::string encoded;
  append_with_entities(masked, encoded);
  replace(span, encoded);
}

void XmlScan::replace(Span span, std::string_view by) {
  out_->append(text_.substr(done_, span.begin - done_)).append(by);
  done_ = span.end;
  changed_ = true;
}

}  // namespace logs_sdk::inline v1
