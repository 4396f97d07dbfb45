#include "src/masking/url_scan.h"

#include <algorithm>
#include <cstddef>

#include "src/base/ascii.h"
#include "src/base/find_any.h"
#include "src/masking/card_number.h"
#include "src/masking/key_formats.h"
#include "src/masking/masker.h"
#include "src/masking/percent.h"
#include "src/masking/text_scan.h"
#include "src/masking/trigger.h"

namespace logs_sdk::inline v1 {
namespace {

// Links are encoded into links; deeper nesting than this is looked at as it stands.
constexpr int kMaxEncodings = 4;

// A longer name is left to the look at each part.
constexpr std::size_t kMaxNameBytes = 64;

std::string decoded(std::string_view text) {
  std::string out;
  percent_decode(text, out);
  return out;
}

}  // namespace

// Whether one pass over the whole tells that there is nothing to mask, as with nearly every URL; false when in doubt.
// Parameters begin at `query_begin`.
//
// Every place where the parts would be looked at is a trigger of the whole: a part sees no character before its first
// one, which makes triggers fewer, and what separates parts is no digit. With nothing encoded but blanks a part means
// what it says; without '@' there is no user info. So what remains are names before a '='.
bool UrlScan::is_clean(std::string_view text, std::size_t query_begin) const noexcept {
  if (cut_ || glance_ == Glance::kNever) return false;
  Triggers triggers(url_trigger_kernel(), text);
  for (std::size_t at = triggers.next(0); at < text.size(); at = triggers.next(at)) {
    if (is_digit(text[at])) {
      std::size_t begin = at;
      while (begin > 0 && is_digit(text[begin - 1])) --begin;
      at = end_of_digits(text, at);
      if (may_begin_card(text, begin, at, false)) return false;
    } else {
      if (!is_harmless(text, at, query_begin)) return false;
      ++at;
    }
  }
  return true;
}

// Whether the trigger at `at`, which is no digit, starts nothing.
bool UrlScan::is_harmless(std::string_view text, std::size_t at, std::size_t query_begin) const noexcept {
  const char before = at > 0 ? text[at - 1] : '\0';
  switch (text[at]) {
    case ':':
      return text.substr(at + 1, 2) == "//";
    case '=':
      return is_open_parameter(text, at, query_begin);
    case '-':
      return before != '-' && !may_end_key_prefix(text, at);
    case '_':
    case '.':
      return !may_end_key_prefix(text, at);
    case '+':
      if (is_digit(before)) return false;
      [[fallthrough]];
    case ' ':
      return to_lower(before) != 'r' && to_lower(before) != 'c';
    case '@':
    case '%':
    case '>':
      return false;
    default:
      return before != 'y' && before != 'A' && before != 'L';
  }
}

// Whether the '=' at `at` follows a name that is not secret, and one that is the same name to every rule: it stands
// between what separates parameters and the '=', and has no other characters than names have.
bool UrlScan::is_open_parameter(std::string_view text, std::size_t at, std::size_t query_begin) const noexcept {
  std::size_t begin = at;
  while (begin > 0 && at - begin < kMaxNameBytes && is_name_character(text[begin - 1])) --begin;
  const bool bounded = begin == 0 || begin == query_begin || text[begin - 1] == '&' || text[begin - 1] == ';';
  return bounded && !names_.matches(text.substr(begin, at - begin));
}

bool UrlScan::url(std::string_view url, std::string& out) const {
  const std::size_t mark = url.find('?');  // after a '#' it is a character like any other
  if (is_clean(url, mark < url.find('#') ? mark + 1 : 0)) return false;
  const std::size_t start = out.size();
  const std::string_view whole = url;
  bool changed = user_info(url, out);
  const std::size_t path_end = find_any<'?', '#'>(url);
  changed |= path(url.substr(0, path_end), path_end == url.size(), out);
  url.remove_prefix(path_end);
  while (!url.empty()) {  // '?' query, '#' fragment, each at most once
    out.push_back(url.front());
    const std::size_t end = url.front() == '?' ? std::min(url.find('#'), url.size()) : url.size();
    const std::string_view part = url.substr(1, end - 1);
    if (UrlScan(names_, cut_ && end == url.size(), Glance::kNever).query(part, out))
      changed = true;
    else
      out.append(part);
    url.remove_prefix(end);
  }
  if (!changed || out.compare(start, std::string::npos, whole) == 0) {
    out.resize(start);
    return false;
  }
  return true;
}

// Takes scheme and authority, if any, off the front of `url`.
bool UrlScan::user_info(std::string_view& url, std::string& out) const {
  const std::size_t slashes = url.find("//");
  const bool authority = slashes == 0 || (slashes != std::string_view::npos && slashes > 0 && url[slashes - 1] == ':' &&
                                          find_any<'/', '?', '#'>(url) == slashes);
  if (!authority) return false;
  const std::size_t begin = slashes + 2;
  const std::size_t end = find_any<'/', '?', '#'>(url, begin);
  const std::size_t sign = url.substr(begin, end - begin).rfind('@');
  out.append(url.substr(0, begin));
  const bool found = sign != std::string_view::npos && sign > 0;
  const bool torn = !found && cut_ && end == url.size() && url.substr(begin).find(':') != std::string_view::npos;
  if (found) out.append(kMasked).append(url.substr(begin + sign, end - begin - sign));
  if (torn) out.append(kMasked);
  if (!found && !torn) out.append(url.substr(begin, end - begin));
  url.remove_prefix(end);
  return found || torn;
}

bool UrlScan::path(std::string_view path, bool last, std::string& out) const {
  bool changed = false;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    if (component(segment, last && end == path.size(), out))
      changed = true;
    else
      out.append(segment);
    if (end < path.size()) out.push_back('/');
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return changed;
}

bool UrlScan::query(std::string_view query, std::string& out) const {
  if (is_clean(query, 0)) return false;
  const std::size_t start = out.size();
  const std::string_view whole = query;
  bool changed = false;
  while (!query.empty()) {
    const std::size_t ampersand = std::min(query.find('&'), query.size());
    changed |= pair(query.substr(0, ampersand), ampersand == query.size(), out);
    if (ampersand < query.size()) out.push_back('&');
    query.remove_prefix(std::min(ampersand + 1, query.size()));
  }
  if (!changed || out.compare(start, std::string::npos, whole) == 0) {
    out.resize(start);
    return false;
  }
  return true;
}

// `name=value`, or pairs that ';' separates. The value of a secret name goes on to the '&': it may hold a ';'.
bool UrlScan::pair(std::string_view pair, bool last, std::string& out) const {
  bool changed = false;
  for (;;) {
    const std::size_t separator = find_any<'=', ';'>(pair);
    const bool has_value = separator < pair.size() && pair[separator] == '=';
    const std::string_view name = pair.substr(0, separator);
    if (has_value && is_secret(name, pair.substr(separator + 1), cut_ && last)) {
      if (!component(name, false, out)) out.append(name);  // what seems a name may be a text that holds another one
      out.append("=").append(kMasked);
      return true;
    }
    const std::size_t end = std::min(pair.find(';', separator), pair.size());
    const bool ends = last && end == pair.size();
    if (component(name, ends && !has_value, out))
      changed = true;
    else
      out.append(name);
    if (has_value) {
      out.push_back('=');
      const std::string_view value = pair.substr(separator + 1, end - separator - 1);
      if (component(value, ends, out))
        changed = true;
      else
        out.append(value);
    }
    if (end == pair.size()) return changed;
    out.push_back(';');
    pair.remove_prefix(end + 1);
  }
}

// `torn`: the value goes on after what is shown, so a short number may be a long one.
bool UrlScan::is_secret(std::string_view name, std::string_view value, bool torn) const {
  if (value.empty()) return false;
  const auto hides = [&](std::string_view of) { return torn ? names_.matches(of) : names_.hides(of, value); };
  if (!is_encoded(name)) return hides(name);
  std::string plain = decoded(name);
  for (int depth = 1; depth < kMaxEncodings && is_encoded(plain) && !names_.matches(plain); ++depth)
    plain = decoded(plain);
  return hides(plain);
}

// A part that stands by itself. Encoded, it is also looked at as what it means.
bool UrlScan::component(std::string_view text, bool last, std::string& out) const {
  if (text.empty()) return false;
  const bool cut = cut_ && last;
  if (is_encoded(text) && decoded_component(text, cut, out)) return true;
  return TextScan(names_, text, cut).run(out);
}

bool UrlScan::decoded_component(std::string_view text, bool cut, std::string& out) const {
  std::string plain = decoded(text);
  for (int depth = 1; depth <= kMaxEncodings; ++depth) {
    std::string masked;
    if (TextScan(names_, plain, cut).run(masked)) {
      if (depth == 1)
        percent_encode(masked, out);
      else
        out.append(kMasked);
      return true;
    }
    std::string next = decoded(plain);
    if (next == plain) return false;
    plain = std::move(next);
  }
  return false;
}

}  // namespace logs_sdk::inline v1
