#include "src/masking/multipart_scan.h"

#include <algorithm>

#include "src/base/ascii.h"
#include "src/json/json_cursor.h"
#include "src/json/json_text.h"
#include "src/json/utf8.h"
#include "src/masking/masker.h"
#include "src/masking/percent.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kLineBegin = "[part";

std::string_view first_line(std::string_view text) noexcept {
  std::string_view line = text.substr(0, text.find('\n'));
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);  // RFC 2046 allows blanks there
  return line;
}

// The next place from `at` on at which a line begins with "--".
std::size_t next_dashes(std::string_view body, std::size_t at) noexcept {
  if (at == 0 && body.starts_with("--")) return 0;
  const std::size_t found = body.find("\n--", at == 0 ? 0 : at - 1);
  return found == std::string_view::npos ? body.size() : found + 1;
}

// Walks from boundary to boundary.
class Boundaries {
 public:
  explicit Boundaries(std::string_view body) noexcept : body_(body) {}

  // Where the next boundary stands, from `at` on; the size of the body for nowhere.
  std::size_t next(std::size_t at) noexcept {
    for (at = next_dashes(body_, at); at < body_.size(); at = next_dashes(body_, at + 1)) {
      const std::string_view line = first_line(body_.substr(at));
      const bool begins = begins_part(body_.substr(at));
      if (first_.empty() && begins) first_ = line;
      const bool again = !first_.empty() && line.starts_with(first_) &&
                         (line.size() == first_.size() || line.substr(first_.size()) == "--");
      if (begins || again) return at;
    }
    return body_.size();
  }

 private:
  std::string_view body_, first_;
};

}  // namespace

bool begins_part(std::string_view text) noexcept {
  constexpr std::string_view kHeader = "content-";
  if (!text.starts_with("--")) return false;
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos) return false;
  text.remove_prefix(line_end + 1);
  return text.size() >= kHeader.size() &&
         std::equal(kHeader.begin(), kHeader.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}

bool begins_summary(std::string_view text) noexcept { return text.starts_with(kLineBegin); }

bool MultipartScan::summarise(std::string_view body, std::string& out) const {
  Boundaries boundaries(body);
  const std::size_t first = boundaries.next(0);
  if (first == body.size()) return false;
  bool any = false;
  for (std::size_t at = first; at < body.size();) {
    const std::size_t next = boundaries.next(at + 2);
    const bool last = next == body.size();
    const std::size_t headers = std::min(body.find('\n', at), next);
    if (headers < next) {
      std::string_view bytes = body.substr(headers + 1, next - headers - 1);
      if (!last && bytes.ends_with('\n')) bytes.remove_suffix(bytes.ends_with("\r\n") ? 2 : 1);
      // What follows the last boundary is no part.
      const bool closing = first_line(body.substr(at)).ends_with("--") && !begins_part(body.substr(at));
      if (!closing) {
        if (any) out.push_back('\n');
        append_part(read_part(bytes, last), out);
        any = true;
      }
    }
    at = next;
  }
  return true;
}

void MultipartScan::append_part(const MultipartPart& part, std::string& out) const {
  out.append(kLineBegin);
  if (part.name) append_name(" name=", *part.name, part.torn_names, out);
  if (part.file_name) append_name(" filename=", *part.file_name, part.torn_names, out);
  std::string masked;
  if (!part.type.empty() && !texts_.run(ContentKind::kText, part.type, false, masked))
    out.append(" type=").append(part.type);
  if (!part.size.empty()) out.append(" size=").append(part.size);
  out.push_back(']');
  if (part.text) append_text(part, out);
}

void MultipartScan::append_name(std::string_view key, std::string_view value, bool torn, std::string& out) const {
  std::string repaired, masked;
  append_repaired(value, repaired);
  out.append(key);
  append_json_string(texts_.run(ContentKind::kText, repaired, torn, masked) ? masked : repaired, out);
}

void MultipartScan::append_text(const MultipartPart& part, std::string& out) const {
  std::string repaired, masked;
  append_repaired(*part.text, repaired);
  if (!repaired.empty() && is_secret(part)) {
    const bool counts = !part.torn && is_short_number(repaired) && !names_.hides(part.name.value_or(""), repaired);
    if (!counts) repaired = kMasked;
  } else if (texts_.run(content_kind(part.type), repaired, part.torn, masked)) {
    repaired = std::move(masked);
  }
  out.push_back(' ');
  append_json_string(repaired, out);
}

bool MultipartScan::is_secret(const MultipartPart& part) const {
  if (!part.name) return false;
  std::string decoded;
  percent_decode(*part.name, decoded);
  const std::string_view others = part.other_names;
  if (names_.matches(*part.name) || names_.matches(decoded)) return true;
  for (std::size_t at = 0; at < others.size();) {
    const std::size_t end = std::min(others.find('/', at + 1), others.size());
    if (names_.matches(others.substr(at + 1, end - at - 1))) return true;
    at = end;
  }
  return false;
}

Scanned MultipartScan::mask_summary(std::string_view summary, std::string& out) const {
  const std::size_t begin = out.size();
  for (std::size_t at = 0; at < summary.size();) {
    const std::size_t end = std::min(summary.find('\n', at), summary.size());
    const std::string_view line = summary.substr(at, end - at);
    MultipartPart part;
    std::string text;
    if (read_line(line, text, part)) {
      append_part(part, out);
      // Its closing quote is missing.
      if (part.torn && part.text && line.back() != '"') out.pop_back();
    } else if (end == summary.size() && begins_summary(line)) {
      if (!texts_.run(ContentKind::kText, line, true, out)) out.append(line);  // cut within what says what it is
    } else {
      out.resize(begin);
      return Scanned::kMalformed;
    }
    if (end < summary.size()) out.push_back('\n');
    at = end + 1;
  }
  if (out.compare(begin, std::string::npos, summary) != 0) return Scanned::kChanged;
  out.resize(begin);
  return Scanned::kNothing;
}

// A line of a summary. `text` keeps what the part holds. A text that is not closed is one that was cut.
bool MultipartScan::read_line(std::string_view line, std::string& text, MultipartPart& part) const {
  JsonCursor cursor(line);
  const auto take_string = [&](std::string& value) {
    if (cursor.at_end() || cursor.peek() != '"') return false;
    const JsonString string = cursor.take_string();
    std::string_view inside = line.substr(string.inside.begin, string.inside.end - string.inside.begin);
    if (!string.closed) inside = without_torn_escape(inside);
    part.torn = !string.closed;
    return decode_json_escapes(inside, value).valid;
  };
  const auto take = [&](std::string_view expected) {
    if (!line.substr(cursor.at()).starts_with(expected)) return false;
    cursor.skip(expected.size());
    return true;
  };
  const auto take_word = [&](std::string& value) {
    const std::size_t end = std::min(line.find_first_of(" ]", cursor.at()), line.size());
    value = line.substr(cursor.at(), end - cursor.at());
    cursor.go_to(end);
  };
  if (!take(kLineBegin)) return false;
  if (take(" name=") && !take_string(part.name.emplace())) return false;
  if (take(" filename=") && !take_string(part.file_name.emplace())) return false;
  if (take(" type=")) take_word(part.type);
  if (take(" size=")) take_word(part.size);
  const bool is_size = part.size.find_first_not_of("0123456789+") == std::string::npos;
  if (part.torn || !is_size || !is_media_type(part.type) || !take("]")) return false;
  if (cursor.at_end()) return true;
  if (!take(" ") || !take_string(text) || !cursor.at_end()) return false;
  part.text = text;
  return true;
}

}  // namespace logs_sdk::inline v1
