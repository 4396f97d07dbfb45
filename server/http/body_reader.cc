#include "server/http/body_reader.h"

#include <algorithm>
#include <utility>

namespace logs_server {
namespace {

using logs_sdk::Encoding;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return x == y || ((x ^ y) == 0x20 && (x | 0x20) >= 'a' && (x | 0x20) <= 'z');
  });
}

Response overloaded() {
  return error_response(429, "the server holds as many request bodies as it may; try again").with("Retry-After", "1");
}

}  // namespace

std::optional<Encoding> parse_content_encoding(std::string_view value) {
  for (const Encoding encoding : {Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd}) {
    if (equal_ignoring_case(value, logs_sdk::encoding_name(encoding))) return encoding;
  }
  if (value.empty()) return Encoding::kIdentity;
  if (equal_ignoring_case(value, "x-gzip")) return Encoding::kGzip;  // RFC 9110 8.4.1.3
  return std::nullopt;
}

BodyReader::BodyReader(Encoding encoding, std::size_t max_bytes, MemoryBudget& budget)
    : max_bytes_(max_bytes), share_(budget) {
  if (encoding != Encoding::kIdentity) {
    decompressor_ = std::make_unique<logs_sdk::Decompressor>(encoding, max_bytes);
  }
}

std::optional<Response> BodyReader::expect(std::size_t content_length) {
  if (content_length > max_bytes_) return too_large();
  if (!share_.grow_to(content_length)) return overloaded();
  if (!decompressor_) body_.reserve(content_length);
  return std::nullopt;
}

std::optional<Response> BodyReader::write(std::string_view piece) {
  // What we accept grows when it is decoded, so the bound holds on the wire too; it also ends a stream of empty frames.
  wire_bytes_ += piece.size();
  if (wire_bytes_ > max_bytes_) return too_large();
  if (!decompressor_) {
    if (!share_.grow_to(body_.size() + piece.size())) return overloaded();
    body_.append(piece);
    return std::nullopt;
  }
  const logs_sdk::Status status = decompressor_->write(piece, body_);
  if (decompressor_->over_limit()) return too_large();
  if (!status.ok()) return error_response(400, "the body is not what its Content-Encoding says");
  if (!share_.grow_to(body_.capacity())) return overloaded();
  return std::nullopt;
}

std::optional<Response> BodyReader::finish() {
  if (decompressor_ && !decompressor_->finish().ok()) {
    return error_response(400, "the body ends before its Content-Encoding says");
  }
  return std::nullopt;
}

Response BodyReader::too_large() const {
  return error_response(413, "the body is larger than " + std::to_string(max_bytes_) + " bytes");
}

}  // namespace logs_server
