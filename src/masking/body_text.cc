#include "src/masking/body_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "src/base/ascii.h"
#include "src/json/utf8.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kOctetStream = "application/octet-stream";

bool contains(std::string_view text, std::string_view lower_word) noexcept {
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(),
                     [](char a, char expected) { return to_lower(a) == expected; }) != text.end();
}

bool begins_with(std::string_view text, std::string_view lower_word) noexcept {
  return text.size() >= lower_word.size() && std::equal(lower_word.begin(), lower_word.end(), text.begin(),
                                                        [](char expected, char c) { return expected == to_lower(c); });
}

std::string_view without_parameters(std::string_view content_type) noexcept {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && is_blank(type.front())) type.remove_prefix(1);
  while (!type.empty() && is_blank(type.back())) type.remove_suffix(1);
  return type;
}

// Whether it may be shown: of the characters that names of types have (RFC 6838, 4.2), and no longer than two names.
bool is_media_type(std::string_view type) noexcept {
  constexpr std::size_t kMaxTypeBytes = 127 + 1 + 127;
  return !type.empty() && type.size() <= kMaxTypeBytes && std::all_of(type.begin(), type.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("!#$&-^_.+/").find(c) != std::string_view::npos;
  });
}

// What the formats of files begin with.
struct Magic {
  std::string_view bytes, type;
};
constexpr Magic kMagic[] = {
    {"\x89PNG", "image/png"},
    {"\xFF\xD8\xFF", "image/jpeg"},
    {"GIF8", "image/gif"},
    {"%PDF-", "application/pdf"},
    {"PK\x03\x04", "application/zip"},
    {"\x1F\x8B", "application/gzip"},
    {"\x28\xB5\x2F\xFD", "application/zstd"},
    {"7z\xBC\xAF", "application/x-7z-compressed"},
    {"\xFD\x37zXZ", "application/x-xz"},
    {"BZh", "application/x-bzip2"},
    {"Rar!", "application/vnd.rar"},
    {"\x7F"
     "ELF",
     "application/x-elf"},
    {std::string_view("\0asm", 4), "application/wasm"},
    {"OggS", "audio/ogg"},
    {"ID3", "audio/mpeg"},
    {"SQLite format 3", "application/vnd.sqlite3"},
    {"\xD0\xCF\x11\xE0", "application/x-ole-storage"},
};

std::string_view type_by_magic(std::string_view bytes) noexcept {
  const auto* const found = std::find_if(std::begin(kMagic), std::end(kMagic),
                                         [&](const Magic& magic) { return bytes.starts_with(magic.bytes); });
  return found == std::end(kMagic) ? std::string_view() : found->type;
}

// Those that texts have: what sets lines and columns, backspace, and the escapes that colour a terminal.
constexpr bool is_text_control(char c) noexcept { return (c >= '\b' && c <= '\r') || c == '\x1B'; }

// Counts the others; nearly all words of eight characters hold no control at all.
std::size_t count_controls(std::string_view text) noexcept {
  constexpr std::uint64_t kEach = 0x0101010101010101u;
  const auto in_piece = [](std::string_view piece) {
    return static_cast<std::size_t>(std::count_if(piece.begin(), piece.end(), [](char c) {
      return (static_cast<std::uint8_t>(c) < 0x20 || c == '\x7F') && !is_text_control(c);
    }));
  };
  std::size_t count = 0;
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    // Bit 7 of a byte below 0x20; a borrow may set that of the byte above one, which costs a second look.
    if (((word - kEach * 0x20) & ~word & kEach * 0x80) != 0) count += in_piece(text.substr(0, sizeof word));
  }
  return count + in_piece(text);
}

}  // namespace

BodyType body_type(std::string_view content_type) noexcept {
  constexpr std::string_view kTexts[] = {"json", "xml", "x-www-form-urlencoded", "javascript", "ecmascript", "graphql",
                                         "yaml", "csv"};
  constexpr std::string_view kBinaries[] = {"image/", "audio/", "video/", "font/"};
  // Some of their bytes pass for a line of text; application/vnd.openxmlformats-... is no XML.
  constexpr std::string_view kBinaryWords[] = {"protobuf", "grpc", "msgpack", "cbor", "bson",
                                               "avro",     "zip",  "x-tar",   "pdf",  "officedocument"};
  const auto has_any = [](std::string_view type, const auto& words, auto holds) {
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return holds(type, word); });
  };
  const std::string_view type = without_parameters(content_type);
  if (type.empty() || begins_with(type, "text/")) return BodyType::kText;
  if (begins_with(type, "multipart/")) return BodyType::kMultipart;
  if (has_any(type, kBinaries, begins_with)) return contains(type, "xml") ? BodyType::kText : BodyType::kBinary;
  if (begins_with(type, "application/json")) return BodyType::kText;  // what most bodies are
  if (has_any(type, kBinaryWords, contains)) return BodyType::kBinary;
  return has_any(type, kTexts, contains) ? BodyType::kText : BodyType::kUnknown;
}

bool is_text(BodyType type, std::string_view text) noexcept {
  constexpr std::size_t kBytesPerControl = 20;  // of random bytes every ninth is one, of text hardly any
  switch (type) {
    case BodyType::kMultipart:
      return true;
    case BodyType::kBinary:
      return false;
    case BodyType::kText:
      return text.find('\0') == std::string_view::npos && count_controls(text) <= text.size() / kBytesPerControl;
    case BodyType::kUnknown:
      break;
  }
  return type_by_magic(text).empty() && count_controls(text) == 0 && is_valid_utf8(without_torn_end(text));
}

void append_binary_body(const Masker& masker, std::string_view content_type, std::string_view bytes,
                        std::uint64_t size_bytes, std::string& out) {
  std::string_view type = without_parameters(content_type);
  const bool says_nothing =
      !is_media_type(type) || (type.size() == kOctetStream.size() && begins_with(type, kOctetStream));
  if (says_nothing) type = type_by_magic(bytes);
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, size_bytes);
  std::string notice("[binary ");
  notice.append(type.empty() ? kOctetStream : type).append(" ").append(digits, end).append(" bytes]");
  masker.text(notice, out);  // the type is what a client wrote
}

}  // namespace logs_sdk::inline v1
