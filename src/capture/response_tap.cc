#include "logs_sdk/response_tap.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "src/capture/field_lines.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr int kSwitchingProtocols = 101;
constexpr int kNoContent = 204;
constexpr int kNotModified = 304;

bool equals_ignoring_case(std::string_view a, std::string_view lower) noexcept {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) { return to_lower(x) == y; });
}

// Where the head ends that begins with `text`: behind its first empty line. 0: not yet. Looks no further back than
// `from`, of which the bytes before are known to hold no end.
std::size_t end_of_head(std::string_view text, std::size_t from) noexcept {
  for (std::size_t line = text.find('\n', from); line != std::string_view::npos; line = text.find('\n', line + 1)) {
    const std::string_view next = text.substr(line + 1, 2);
    if (next.starts_with('\n')) return line + 2;
    if (next == "\r\n") return line + 3;
  }
  return 0;
}

// RFC 9112, 4: "HTTP/1.1 200 reason"; the reason may be missing with its blank.
std::optional<int> status_of(std::string_view line) noexcept {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  constexpr std::size_t kDigits = 3;
  if (line.size() < kVersion.size() + kDigits || !line.starts_with("HTTP/1.") || !is_digit(line[7]) || line[8] != ' ')
    return std::nullopt;
  const std::string_view digits = line.substr(kVersion.size(), kDigits);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  const std::string_view rest = line.substr(kVersion.size() + kDigits);
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\r') return std::nullopt;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

// What a head says about the end of the body.
struct Framing {
  bool coded = false;    // Transfer-Encoding is there
  bool chunked = false;  // and chunked is its last
  std::optional<std::uint64_t> length;
  bool unclear = false;  // lengths that differ or are none
};

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Framing framing_of(std::string_view fields) noexcept {
  Framing framing;
  std::size_t malformed = 0;
  for_each_field(fields, malformed, [&](std::string_view name, std::string_view value, bool) {
    value = trimmed(value);
    if (equals_ignoring_case(name, "transfer-encoding")) {
      framing.coded = true;
      framing.chunked = equals_ignoring_case(trimmed(value.substr(value.rfind(',') + 1)), "chunked");
    } else if (equals_ignoring_case(name, "content-length")) {
      const auto length = number(value);
      if (!length || (framing.length && framing.length != length)) framing.unclear = true;
      framing.length = length;
    }
  });
  return framing;
}

}  // namespace

void ResponseTap::begin(std::string_view method) noexcept {
  part_ = Part::kHead;
  to_head_ = method == "HEAD";
  to_connect_ = method == "CONNECT";
  left_ = 0;
  head_.clear();
}

ResponseTap::State ResponseTap::state() const noexcept {
  switch (part_) {
    case Part::kHead:
      return State::kHead;
    case Part::kDone:
      return State::kDone;
    case Part::kUpgraded:
      return State::kUpgraded;
    case Part::kLost:
      return State::kLost;
    default:
      return State::kBody;
  }
}

Outcome ResponseTap::outcome_at_end() const noexcept {
  if (part_ == Part::kUpgraded) return Outcome::kUpgraded;
  const bool ended = part_ == Part::kDone || part_ == Part::kBodyUntilEnd || part_ == Part::kLost;
  return ended ? Outcome::kComplete : Outcome::kAborted;
}

std::size_t ResponseTap::write(Exchange& exchange, std::string_view bytes) noexcept {
  if (part_ == Part::kUpgraded || part_ == Part::kLost) return bytes.size();
  std::size_t taken = 0;
  try {
    while (taken < bytes.size() && part_ != Part::kDone) taken += step(exchange, bytes.substr(taken));
  } catch (...) {  // no memory for a head
    part_ = Part::kLost;
    return bytes.size();
  }
  return taken;
}

std::size_t ResponseTap::step(Exchange& exchange, std::string_view bytes) {
  switch (part_) {
    case Part::kHead:
      return take_head(exchange, bytes);
    case Part::kFixedBody:
    case Part::kBodyUntilEnd:
    case Part::kChunkData:
      return take_body(exchange, bytes);
    case Part::kChunkSize:
      take_chunk_size(bytes.front());
      break;
    case Part::kChunkExtension:
      if (bytes.front() == '\n') part_ = left_ > 0 ? Part::kChunkData : Part::kTrailer;
      break;
    case Part::kChunkEnd:
      take_line_end_of_chunk(bytes.front());
      break;
    case Part::kTrailer:
      take_trailer(bytes.front());
      break;
    case Part::kDone:
    case Part::kUpgraded:
    case Part::kLost:
      return bytes.size();
  }
  if (part_ == Part::kDone) exchange.mark(Mark::kLastByte);
  return 1;
}

std::size_t ResponseTap::take_head(Exchange& exchange, std::string_view bytes) {
  if (head_.empty()) {  // usual: the whole head at once, of which no copy is needed
    if (const std::size_t size = end_of_head(bytes, 0); size > 0) {
      read_head(exchange, bytes.substr(0, size));
      return size;
    }
  }
  const std::size_t before = head_.size();
  const std::size_t copied = std::min(bytes.size(), kMaxHeadBytes - before);
  head_.append(bytes.substr(0, copied));
  // The line end that an empty line follows may be among the last two of what had come before.
  const std::size_t size = end_of_head(head_, before < 2 ? 0 : before - 2);
  if (size > 0) {
    read_head(exchange, std::string_view(head_).substr(0, size));
    head_.clear();
    return size - before;
  }
  if (head_.size() == kMaxHeadBytes) part_ = Part::kLost;
  return copied;
}

void ResponseTap::read_head(Exchange& exchange, std::string_view head) {
  const std::size_t line_end = head.find('\n');
  const std::optional<int> status = status_of(head.substr(0, line_end));
  if (!status) {
    part_ = Part::kLost;
    return;
  }
  if (*status < 200 && *status != kSwitchingProtocols) return;  // interim: another head follows
  const std::string_view fields = head.substr(line_end + 1);
  exchange.mark(Mark::kFirstByte);
  exchange.status(*status);
  exchange.response_header_block(fields);
  begin_body(fields, *status);
  if (part_ == Part::kUpgraded)
    exchange.response_body_size(0, BodyKind::kUpgraded);
  else if (part_ == Part::kDone)
    exchange.mark(Mark::kLastByte);
  else
    exchange.response_body({}, body_kind());  // begun, even if nothing of it should come
}

// RFC 9112, 6.3.
void ResponseTap::begin_body(std::string_view fields, int status) noexcept {
  if (status == kSwitchingProtocols || (to_connect_ && status < 300)) {
    part_ = Part::kUpgraded;
    return;
  }
  if (to_head_ || status == kNoContent || status == kNotModified) {
    part_ = Part::kDone;
    return;
  }
  const Framing framing = framing_of(fields);
  has_digit_ = false;
  line_empty_ = true;
  left_ = 0;
  if (framing.coded) {
    part_ = framing.chunked ? Part::kChunkSize : Part::kBodyUntilEnd;
  } else if (!framing.length || framing.unclear) {
    part_ = Part::kBodyUntilEnd;
  } else {
    left_ = *framing.length;
    part_ = left_ > 0 ? Part::kFixedBody : Part::kDone;
  }
}

BodyKind ResponseTap::body_kind() const noexcept {
  return part_ == Part::kFixedBody ? BodyKind::kBuffered : BodyKind::kStreamed;
}

std::size_t ResponseTap::take_body(Exchange& exchange, std::string_view bytes) noexcept {
  const BodyKind kind = body_kind();
  if (part_ == Part::kBodyUntilEnd) {
    exchange.response_body(bytes, kind);
    return bytes.size();
  }
  const std::string_view piece =
      bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
  exchange.response_body(piece, kind);
  left_ -= piece.size();
  if (left_ > 0) return piece.size();
  part_ = part_ == Part::kChunkData ? Part::kChunkEnd : Part::kDone;
  if (part_ == Part::kDone) exchange.mark(Mark::kLastByte);
  return piece.size();
}

void ResponseTap::take_chunk_size(char c) noexcept {
  const bool digit = is_digit(c);
  if (digit || is_hex_letter(c)) {
    const auto value = static_cast<std::uint64_t>(digit ? c - '0' : to_lower(c) - 'a' + 10);
    has_digit_ = true;
    if (left_ > std::numeric_limits<std::uint64_t>::max() >> 4)
      part_ = Part::kLost;
    else
      left_ = left_ << 4 | value;
    return;
  }
  if (!has_digit_ || !(c == ';' || c == '\n' || c == '\r' || is_blank(c)))
    part_ = Part::kLost;
  else if (c != '\n')
    part_ = Part::kChunkExtension;
  else
    part_ = left_ > 0 ? Part::kChunkData : Part::kTrailer;
}

void ResponseTap::take_line_end_of_chunk(char c) noexcept {
  if (c == '\r') return;
  part_ = c == '\n' ? Part::kChunkSize : Part::kLost;
  has_digit_ = false;
}

// Lines until an empty one.
void ResponseTap::take_trailer(char c) noexcept {
  if (c == '\n' && line_empty_) part_ = Part::kDone;
  if (c == '\n')
    line_empty_ = true;
  else if (c != '\r')
    line_empty_ = false;
}

}  // namespace logs_sdk::inline v1
