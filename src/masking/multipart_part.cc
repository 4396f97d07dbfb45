#include "src/masking/multipart_part.h"

#include <algorithm>

#include "src/base/ascii.h"
#include "src/masking/content_scan.h"
#include "src/masking/percent.h"

namespace logs_sdk::inline v1 {
namespace {

bool starts_with(std::string_view text, std::string_view lower) noexcept {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the line at the front of `text`, without what ends it.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Takes a header with the lines that continue it (RFC 5322, 2.2.3) off the front of `text`; empty at the end of
// headers.
std::string take_header(std::string_view& text) {
  std::string header(take_line(text));
  while (!header.empty() && !text.empty() && is_blank(text.front())) header.append(take_line(text));
  return header;
}

// Takes the value of a parameter off the front of `text`, which stands behind its '='.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find(';'), text.size());
    value = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    // A backslash in front of anything else stands in a path.
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\')) ++at;
    value += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return value;
}

// RFC 8187: charset'language'percent-encoded.
std::string extended_value(std::string_view value) {
  const std::size_t charset_end = value.find('\'');
  const std::size_t language_end =
      charset_end == std::string_view::npos ? charset_end : value.find('\'', charset_end + 1);
  if (language_end != std::string_view::npos) value.remove_prefix(language_end + 1);
  std::string plain;
  percent_decode(value, plain);
  return plain;
}

void read_disposition(std::string_view value, MultipartPart& part) {
  value.remove_prefix(std::min(value.find(';'), value.size()));
  while (!value.empty()) {
    value.remove_prefix(1);
    const std::size_t name_end = value.find_first_of("=;");
    if (name_end == std::string_view::npos) return;
    const std::string_view name = trimmed(value.substr(0, name_end));
    value.remove_prefix(name_end);
    if (value.front() == ';') continue;
    value.remove_prefix(1);
    while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
    std::string text = take_value(value);
    value.remove_prefix(std::min(value.find(';'), value.size()));
    if (name.ends_with('*')) text = extended_value(text);
    if (starts_with(name, "filename")) {
      part.file_name = std::move(text);
    } else if (starts_with(name, "name")) {
      if (part.name) part.other_names.append("/").append(*part.name);
      part.name = std::move(text);
    }
  }
}

bool is_text(const MultipartPart& part, std::string_view content) noexcept {
  const ContentKind kind = content_kind(part.type);
  const bool declared = part.type.empty() ? !part.file_name : starts_with(part.type, "text/");
  const bool known = kind != ContentKind::kUnknown && kind != ContentKind::kMultipart;
  return (declared || known) && content.find('\0') == std::string_view::npos;
}

}  // namespace

bool is_media_type(std::string_view type) noexcept {
  constexpr std::size_t kMaxTypeBytes = 127 + 1 + 127;
  return type.size() <= kMaxTypeBytes && std::all_of(type.begin(), type.end(), [](char c) {
           return is_alphanumeric(c) || std::string_view("!#$&-^_.+/").find(c) != std::string_view::npos;
         });
}

MultipartPart read_part(std::string_view bytes, bool torn) {
  MultipartPart part;
  part.torn = torn;
  bool encoded = false, headers_end = false;
  while (!bytes.empty() && !headers_end) {
    const std::string header = take_header(bytes);
    const std::string_view line = header;
    headers_end = line.empty();
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = trimmed(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(std::min(colon + 1, line.size())));
    if (starts_with(name, "content-disposition")) read_disposition(value, part);
    if (starts_with(name, "content-type")) part.type = trimmed(value.substr(0, value.find(';')));
    if (starts_with(name, "content-transfer-encoding"))
      encoded = starts_with(value, "base64") || starts_with(value, "quoted-printable");
  }
  if (!is_media_type(part.type)) part.type.clear();
  if (headers_end && !encoded && is_text(part, bytes)) part.text = bytes;
  part.size = std::to_string(bytes.size());
  if (torn) part.size += '+';
  part.torn_names = torn && !headers_end;
  return part;
}

}  // namespace logs_sdk::inline v1
