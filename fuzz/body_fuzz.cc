// A body as a client sends it: content codings, charset and bytes of its choice, through the decoder and through the
// whole of capture. Nothing but well-bounded text comes out, whatever it would become.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/capture/body_decoder.h"

namespace {

using namespace logs_sdk;

constexpr std::size_t kMaxBytes = 4160;
constexpr std::size_t kMaxUnitBytes = 4;  // UTF-32

void expect(bool holds) {
  if (!holds) std::abort();
}

// The first line of the input, up to `separator`.
std::string_view take(std::string_view& input, char separator) {
  const std::string_view piece = input.substr(0, input.find(separator));
  input.remove_prefix(std::min(piece.size() + 1, input.size()));
  return piece;
}

}  // namespace

// "<coding>|<content type>\n<body>", the copy of it cut where the first byte of the input is odd.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static BodyDecoder decoder;  // as in a thread: what one body leaves is there for the next
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  RawBody raw;
  std::string_view head = take(rest, '\n');
  raw.content_encoding = take(head, '|');
  raw.content_type = head;
  raw.cut = data[0] % 2 == 1;
  raw.max_bytes = kMaxBytes;
  raw.copy = rest.substr(0, copied_bytes_for(kMaxBytes, raw.content_type, raw.content_encoding, rest));

  const BodyText body = decoder.decode(raw);
  if (!body.readable) return 0;
  if (body.is_of_copy) {
    expect(body.text.data() >= raw.copy.data() && body.text.size() <= raw.copy.size());
  } else {
    expect(body.text.size() <= kMaxBytes * kMaxUnitBytes);
  }
  const std::string text(body.text);
  BodyDecoder anew;
  const BodyText again = anew.decode(raw);
  expect(again.readable && again.text == text && again.cut == body.cut);
  return 0;
}
