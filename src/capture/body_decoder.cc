#include "src/capture/body_decoder.h"

#include <algorithm>
#include <optional>

#include "src/base/ascii.h"
#include "src/json/utf8.h"
#include "src/masking/body_text.h"

namespace logs_sdk::inline v1 {
namespace {

// One is usual; a proxy may add one.
constexpr std::size_t kMaxCodings = 4;

// RFC 8878, 3.1.1: a frame's header, the header of a block, and the largest block, which is compressed to less.
constexpr std::size_t kMaxZstdBlockBytes = 18 + 3 + (std::size_t{1} << 17);

bool equals(std::string_view text, std::string_view lower_word) noexcept {
  return std::equal(text.begin(), text.end(), lower_word.begin(), lower_word.end(),
                    [](char c, char expected) { return to_lower(c) == expected; });
}

std::string_view trimmed(std::string_view text, std::string_view characters) noexcept {
  const std::size_t begin = std::min(text.find_first_not_of(characters), text.size());
  return text.substr(begin, text.find_last_not_of(characters) + 1 - begin);
}

std::optional<Encoding> encoding_of(std::string_view token) noexcept {
  for (const Encoding encoding :
       {Encoding::kGzip, Encoding::kBrotli, Encoding::kDeflate, Encoding::kZstd, Encoding::kIdentity})
    if (equals(token, encoding_name(encoding))) return encoding;
  if (equals(token, "x-gzip")) return Encoding::kGzip;
  if (token.empty()) return Encoding::kIdentity;
  return std::nullopt;
}

// Frameworks that undo a coding leave the header as it came. gzip and zstd begin with their own bytes; deflate and br
// have none, but a text without any control character is neither.
bool is_undone(Encoding encoding, std::string_view bytes) noexcept {
  constexpr std::string_view kGzip = "\x1F\x8B", kZstd = "\x28\xB5\x2F\xFD", kSkippedFrame = "*M\x18";
  switch (encoding) {
    case Encoding::kGzip:
      return !bytes.starts_with(kGzip.substr(0, bytes.size()));
    case Encoding::kZstd:
      return !bytes.starts_with(kZstd.substr(0, bytes.size())) && !bytes.substr(1).starts_with(kSkippedFrame);
    case Encoding::kDeflate:
    case Encoding::kBrotli:
      return is_text(BodyType::kUnknown, bytes);
    case Encoding::kIdentity:
      break;
  }
  return true;
}

// The value behind `name` and '=' in `text`, in quotes of either kind or without.
std::string_view value_after(std::string_view text, std::string_view lower_name) noexcept {
  const auto same = [](char c, char expected) { return to_lower(c) == expected; };
  auto at = std::search(text.begin(), text.end(), lower_name.begin(), lower_name.end(), same);
  if (at == text.end()) return {};
  at = std::find_if_not(at + static_cast<std::ptrdiff_t>(lower_name.size()), text.end(), is_space);
  if (at == text.end() || *at != '=') return {};
  const std::string_view value = trimmed(text.substr(static_cast<std::size_t>(at - text.begin()) + 1), " \t\"'");
  return value.substr(0, value.find_first_of(" \t\r\n;,\"'/>?"));
}

std::string_view declared_charset(std::string_view content_type) noexcept {
  const std::size_t parameters = content_type.find(';');
  return parameters == std::string_view::npos ? std::string_view()
                                              : value_after(content_type.substr(parameters), "charset");
}

// XML, appendix F; HTML, 13.2.3.2: in the document itself, which is ASCII up to there.
std::string_view charset_in_document(std::string_view text) noexcept {
  constexpr std::size_t kLookedThrough = 1024;
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const std::string_view head = text.substr(begin, kLookedThrough);
  if (head.starts_with("<?xml")) return value_after(head.substr(0, head.find("?>")), "encoding");
  return head.starts_with('<') ? value_after(head, "charset") : std::string_view();
}

// Whether `text` has so much of UTF-8 that whoever declares something else is wrong: text in another charset that is
// well-formed UTF-8 by chance has a character or two.
bool is_surely_utf8(const Charset& declared, std::string_view text) noexcept {
  constexpr std::ptrdiff_t kSure = 3;
  constexpr std::size_t kTelling = 8;
  if (!is_valid_utf8(without_torn_end(text))) return false;
  // Of UTF-16 and UTF-32, ASCII has zeros.
  if (declared.unit_bytes > 1) return text.size() >= kTelling && text.find('\0') == std::string_view::npos;
  return std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; }) >= kSure;
}

}  // namespace

std::size_t copied_bytes_for(std::size_t text_bytes, std::string_view content_type, std::string_view content_encoding,
                             std::string_view beginning) noexcept {
  const Charset* charset = find_byte_order_mark(beginning).charset;
  if (charset == nullptr) charset = find_charset(declared_charset(content_type));
  if (charset == nullptr) charset = find_wide_charset(beginning);
  const std::size_t bytes = text_bytes * (charset == nullptr ? 1 : charset->unit_bytes);
  return equals(content_encoding, encoding_name(Encoding::kZstd)) ? std::max(bytes, kMaxZstdBlockBytes) : bytes;
}

BodyText BodyDecoder::decode(const RawBody& raw) {
  BodyText body;
  body.text = raw.copy;
  body.cut = raw.cut;
  const BodyType type = body_type(raw.content_type);
  if (type == BodyType::kBinary) return body;
  if (!raw.content_encoding.empty() && !undo_codings(raw.content_encoding, raw.max_bytes, body)) return body;
  body.readable = type == BodyType::kMultipart || (to_utf8(raw, body) && is_text(type, body.text));
  return body;
}

// In the order in which they were applied (RFC 9110, 8.4), so the last is undone first.
bool BodyDecoder::undo_codings(std::string_view codings, std::size_t max_bytes, BodyText& body) {
  for (std::size_t count = 0; !codings.empty(); ++count) {
    const std::size_t comma = codings.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::optional<Encoding> encoding = encoding_of(trimmed(codings.substr(begin), " \t"));
    if (!encoding || count == kMaxCodings) return false;
    if (!is_undone(*encoding, body.text) && !undo(*encoding, max_bytes, body)) return false;
    codings = codings.substr(0, begin == 0 ? 0 : comma);
  }
  return true;
}

// Whatever stops it, what has come out is the beginning of the content.
bool BodyDecoder::undo(Encoding encoding, std::size_t max_bytes, BodyText& body) {
  if (decompressor_ == nullptr) decompressor_ = std::make_unique<Decompressor>(encoding, max_bytes);
  decompressor_->reset(encoding, max_bytes);
  text_.clear();
  const bool whole = decompressor_->write(body.text, text_).ok() && decompressor_->finish().ok();
  if (text_.empty() && !whole) return false;
  bytes_.swap(text_);
  body.text = bytes_;
  body.cut = body.cut || !whole;
  body.is_of_copy = false;
  return true;
}

bool BodyDecoder::to_utf8(const RawBody& raw, BodyText& body) {
  if (const ByteOrderMark mark = find_byte_order_mark(body.text); mark.charset != nullptr) {
    body.text.remove_prefix(mark.size_bytes);
    return is_utf8(*mark.charset) || convert(*mark.charset, raw.max_bytes, body);
  }
  const std::string_view label = declared_charset(raw.content_type);
  const Charset* charset = find_charset(label);
  if (!label.empty() && charset == nullptr)
    return is_valid_utf8(without_torn_end(body.text)) && !equals(label, "utf-7");
  if (charset == nullptr) charset = find_wide_charset(body.text);
  if (charset == nullptr && body.text.starts_with('<') && !is_valid_utf8(without_torn_end(body.text)))
    charset = find_charset(charset_in_document(body.text));
  if (charset == nullptr || is_utf8(*charset) || is_surely_utf8(*charset, body.text)) return true;
  return convert(*charset, raw.max_bytes, body);
}

bool BodyDecoder::convert(const Charset& charset, std::size_t max_bytes, BodyText& body) {
  text_.clear();
  const TextEnd end = body.cut ? TextEnd::kTorn : TextEnd::kReal;
  const Conversion result = converter_.convert(charset, body.text, end, max_bytes, text_);
  if (result != Conversion::kWhole && result != Conversion::kCut) return false;
  body.cut = body.cut || result == Conversion::kCut;
  body.text = text_;
  body.is_of_copy = false;
  return true;
}

}  // namespace logs_sdk::inline v1
