#include "src/masking/content_scan.h"

#include <algorithm>
#include <utility>

#include "src/base/ascii.h"
#include "src/masking/graphql_scan.h"
#include "src/masking/json_scan.h"
#include "src/masking/masker.h"
#include "src/masking/multipart_scan.h"
#include "src/masking/text_scan.h"
#include "src/masking/trigger.h"
#include "src/masking/url_scan.h"
#include "src/masking/xml_scan.h"

namespace logs_sdk::inline v1 {
namespace {

// Each level of JSON in a string of JSON doubles the backslashes, so honest texts end long before. Each level also
// costs one more look at the text.
constexpr int kMaxDepth = 12;

bool contains(std::string_view text, std::string_view word) noexcept {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char c, char expected) { return to_lower(c) == expected; }) != text.end();
}

std::string_view without_leading_spaces(std::string_view text) noexcept {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

// What the text is by its beginning; kUnknown when that says nothing.
ContentKind kind_of_beginning(std::string_view text) noexcept {
  text = without_leading_spaces(text);
  if (text.empty()) return ContentKind::kUnknown;
  switch (text.front()) {
    case '{':
      return ContentKind::kJson;
    case '[':
      return begins_summary(text) ? ContentKind::kMultipart : ContentKind::kJson;
    case '<':
      return ContentKind::kXml;
    case '-':
      return begins_part(text) ? ContentKind::kMultipart : ContentKind::kUnknown;
    case 'q':
    case 'm':
    case 's':
    case 'f':
      return begins_graphql(text) ? ContentKind::kGraphQl : ContentKind::kUnknown;
    default:
      return ContentKind::kUnknown;
  }
}

// One word with something encoded in it, such as a URL or a form.
bool is_encoded_word(std::string_view text) noexcept {
  return text.find('%') != std::string_view::npos && text.find('=') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(), is_space);
}

}  // namespace

ContentKind content_kind(std::string_view content_type) noexcept {
  constexpr std::pair<std::string_view, ContentKind> kWords[] = {{"x-www-form-urlencoded", ContentKind::kForm},
                                                                 {"multipart/", ContentKind::kMultipart},
                                                                 {"json", ContentKind::kJson},
                                                                 {"graphql", ContentKind::kGraphQl},
                                                                 {"xml", ContentKind::kXml},
                                                                 {"html", ContentKind::kXml}};
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  for (const auto& [word, kind] : kWords)
    if (contains(type, word)) return kind;
  return ContentKind::kUnknown;
}

ContentScan ContentScan::deeper() const noexcept {
  ContentScan inner = *this;
  ++inner.depth_;
  return inner;
}

bool ContentScan::run(ContentKind declared, std::string_view text, bool cut, std::string& out) const {
  if (depth_ > kMaxDepth) {
    if (Triggers(trigger_kernel(), text).next(0) == text.size() || text == kMasked) return false;
    out.append(kMasked);
    return true;
  }
  ContentKind kind = declared;
  if (declared != ContentKind::kText)
    if (const ContentKind seen = kind_of_beginning(text); seen != ContentKind::kUnknown) kind = seen;
  if (kind == ContentKind::kJson) {
    const Scanned result = JsonScan(names_, deeper(), text, cut).run(out);
    if (result != Scanned::kMalformed) return result == Scanned::kChanged;
  }
  const bool changed = run_other(kind, declared, text, cut, out);
  if (changed) settled_ = false;
  return changed;
}

bool ContentScan::run_other(ContentKind kind, ContentKind declared, std::string_view text, bool cut,
                            std::string& out) const {
  switch (kind) {
    case ContentKind::kText:
      return this->text(text, cut, out);
    case ContentKind::kXml:
      if (const auto result = XmlScan(names_, deeper(), text, cut).run(out); result != Scanned::kMalformed)
        return result == Scanned::kChanged;
      break;
    case ContentKind::kMultipart:
      if (const auto result = multipart(text, out)) return *result;
      break;
    default:
      break;
  }
  if (kind == ContentKind::kGraphQl || declared == ContentKind::kGraphQl) {
    const Scanned result = GraphQlScan(names_, deeper(), text, cut).run(out);
    if (result != Scanned::kMalformed) return result == Scanned::kChanged;
  }
  if (kind == ContentKind::kForm) return UrlScan(names_, cut).query(text, out);
  const bool encoded = declared == ContentKind::kForm || is_encoded_word(text);
  return encoded ? encoded_text(text, cut, out) : this->text(text, cut, out);
}

// None for what is no multipart body.
std::optional<bool> ContentScan::multipart(std::string_view body, std::string& out) const {
  const MultipartScan scan(names_, deeper());
  if (begins_summary(body)) {
    const auto result = scan.mask_summary(body, out);
    if (result != Scanned::kMalformed) return result == Scanned::kChanged;
  }
  if (scan.summarise(body, out)) return true;
  const bool holds_dashes = body.starts_with("--") || body.find("\n--") != std::string_view::npos;
  if (!holds_dashes || begins_summary(body)) return std::nullopt;
  // Nothing but the beginning of a boundary, or none that is one: what follows may be anything.
  out.append("[part size=").append(std::to_string(body.size())).append("]");
  return true;
}

bool ContentScan::text(std::string_view text, bool cut, std::string& out) const {
  return TextScan(names_, text, cut).run(out);
}

// What is encoded is masked as what it means, then the whole as it stands.
bool ContentScan::encoded_text(std::string_view text, bool cut, std::string& out) const {
  const UrlScan scan(names_, cut);
  std::string plain;
  const bool is_url = text.front() == '/' || text.find("://") != std::string_view::npos;
  if (!(is_url ? scan.url(text, plain) : scan.query(text, plain))) return this->text(text, cut, out);
  if (!this->text(plain, cut, out)) out.append(plain);
  return true;
}

}  // namespace logs_sdk::inline v1
