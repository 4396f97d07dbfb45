#include "src/masking/graphql_scan.h"

#include <algorithm>

#include "src/base/ascii.h"
#include "src/base/find_any.h"
#include "src/json/json_text.h"
#include "src/masking/masker.h"
#include "src/masking/text_scan.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kBlockQuote = "\"\"\"";

bool in_name(char c) noexcept { return is_alphanumeric(c) || c == '_'; }

std::string_view take_name(std::string_view& text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && in_name(text[end])) ++end;
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return name;
}

}  // namespace

bool begins_graphql(std::string_view text) noexcept {
  const std::string_view keyword = take_name(text);
  if (keyword == "fragment") return !take_name(text).empty() && take_name(text) == "on";
  if (keyword != "query" && keyword != "mutation" && keyword != "subscription") return false;
  take_name(text);
  return text.starts_with('{') || text.starts_with('(') || text.starts_with('@');
}

Scanned GraphQlScan::run(std::string& out) {
  out_ = &out;
  const std::size_t begin = out.size();
  for (skip_ignored(); !cursor_.at_end(); skip_ignored()) {
    if (step()) continue;
    out.resize(begin);
    return Scanned::kMalformed;
  }
  if (!changed_) return Scanned::kNothing;
  out.append(text_.substr(done_));
  return Scanned::kChanged;
}

// Blanks and commas.
void GraphQlScan::skip_ignored() {
  cursor_.skip_any_spaces();
  while (!cursor_.at_end() && cursor_.peek() == ',') {
    cursor_.skip(1);
    cursor_.skip_any_spaces();
  }
}

// One token; false for what is none.
bool GraphQlScan::step() {
  const char c = cursor_.peek();
  if (c == '#') {
    const Span comment = cursor_.take_comment();
    return mask_text(comment, cut_ && comment.end == text_.size());
  }
  if (in_name(c) || c == '-') return word();
  if (c == '"') return string();
  return punctuator(c);
}

bool GraphQlScan::punctuator(char c) {
  cursor_.skip(1);
  if (c == ':') return after_colon();
  if (c == '=') {
    if (defined_.empty()) return false;
    if (names_.matches(defined_)) secret_value();
    defined_ = {};
    return true;
  }
  name_ = {};
  is_variable_ = c == '$';
  std::size_t& open = c == '(' || c == ')' ? parentheses_ : braces_;
  if (c == '{' || c == '(') return ++open, true;
  if (c == '}' || c == ')') return open-- > 0;
  return std::string_view("!$.@[]").find(c) != std::string_view::npos;
}

bool GraphQlScan::word() {
  const bool is_variable = is_variable_;
  const Span span = cursor_.take_word();
  if (span.empty()) return false;
  name_ = view(span);
  is_variable_ = is_variable;
  std::string masked;
  if (!TextScan(names_, name_, cut_ && span.end == text_.size()).run(masked)) return true;
  replace(span, "\"***\"");
  return true;
}

// `name: value`, `$name: Type` or `alias: field`.
bool GraphQlScan::after_colon() {
  if (name_.empty()) return false;
  const std::string_view name = name_;
  name_ = {};
  defined_ = {};
  skip_ignored();
  if (cursor_.at_end()) return true;
  if (is_variable_) {
    is_variable_ = false;
    defined_ = name;
    return parentheses_ > 0;
  }
  const char c = cursor_.peek();
  if (parentheses_ == 0) return braces_ > 0 && (is_letter(c) || c == '_');
  if (c == '$' || !names_.matches(name)) return true;
  const Span number = Span{cursor_.at(), text_.size()};
  const std::string_view digits = view(number).substr(0, view(number).find_first_not_of("0123456789"));
  if (names_.hides(name, digits)) secret_value();
  return true;
}

void GraphQlScan::secret_value() {
  skip_ignored();
  if (cursor_.at_end()) return;
  const char c = cursor_.peek();
  if (c == '"') {
    const Span span = take_string();
    if (!span.empty() && view(span) != kMasked) replace(span, kMasked);
  } else if (c == '{' || c == '[') {
    replace(cursor_.take_brackets(), "\"***\"");
  } else if (const Span span = cursor_.take_word(); !span.empty()) {
    replace(span, "\"***\"");
  }
}

// The inside of a string or a block string; the cursor stands behind it.
Span GraphQlScan::take_string() {
  const std::size_t begin = cursor_.at() + kBlockQuote.size();
  if (text_.compare(cursor_.at(), kBlockQuote.size(), kBlockQuote) != 0) return cursor_.take_string().inside;
  std::size_t end = text_.find(kBlockQuote, begin);
  while (end != std::string_view::npos && text_[end - 1] == '\\') end = text_.find(kBlockQuote, end + 1);
  end = std::min(end, text_.size());
  cursor_.go_to(std::min(end + kBlockQuote.size(), text_.size()));
  return {std::min(begin, end), end};
}

bool GraphQlScan::string() {
  const std::size_t begin = cursor_.at();
  const Span span = take_string();
  const bool torn = cursor_.at() == text_.size() && span.end == text_.size();
  if (torn && !cut_) return false;
  const std::string_view inside = torn ? without_torn_escape(view(span)) : view(span);
  if (span.begin != begin + 1 || inside.find('\\') == std::string_view::npos) return mask_text(span, torn);
  std::string decoded, masked;
  if (!decode_json_escapes(inside, decoded).valid) return false;
  if (!strings_.run(ContentKind::kUnknown, decoded, torn, masked)) return true;
  std::string encoded;
  append_json_string(masked, encoded);
  replace(span, json_string_inside(encoded));
  return true;
}

bool GraphQlScan::mask_text(Span span, bool torn) {
  std::string masked;
  if (strings_.run(ContentKind::kText, view(span), torn, masked)) replace(span, masked);
  return true;
}

void GraphQlScan::replace(Span span, std::string_view by) {
  out_->append(text_.substr(done_, span.begin - done_)).append(by);
  done_ = span.end;
  changed_ = true;
}

}  // namespace logs_sdk::inline v1
