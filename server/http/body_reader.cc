#include "server/http/body_reader.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace logs_server {
namespace {

using logs_sdk::Encoding;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return x == y || ((x ^ y) == 0x20 && (x | 0x20) >= 'a' && (x | 0x20) <= 'z');
  });
}

// The room that a body gets when it begins; then it grows by doubling, so that at most as much is held as has come.
constexpr std::size_t kSmallestRoom = 4096;

}  // namespace

std::optional<Encoding> parse_content_encoding(std::string_view value) {
  for (const Encoding encoding : {Encoding::kIdentity, Encoding::kGzip, Encoding::kZstd}) {
    if (equal_ignoring_case(value, logs_sdk::encoding_name(encoding))) return encoding;
  }
  if (value.empty()) return Encoding::kIdentity;
  if (equal_ignoring_case(value, "x-gzip")) return Encoding::kGzip;  // RFC 9110 8.4.1.3
  return std::nullopt;
}

BodyReader::BodyReader(Encoding encoding, std::size_t max_bytes, std::shared_ptr<Budget> budget)
    : max_bytes_(max_bytes), share_(std::move(budget)) {
  if (encoding != Encoding::kIdentity) {
    decompressor_ = std::make_unique<logs_sdk::Decompressor>(encoding, max_bytes);
  }
}

std::optional<Response> BodyReader::expect(std::size_t content_length) {
  if (content_length > max_bytes_) return too_large();
  return std::nullopt;
}

std::optional<Response> BodyReader::write(std::string_view piece) {
  // What we accept grows when it is decoded, so the bound holds on the wire too; it also ends a stream of empty frames.
  wire_bytes_ += piece.size();
  if (wire_bytes_ > max_bytes_) return too_large();
  if (!decompressor_) {
    const std::size_t room = std::bit_ceil(std::max(body_.size() + piece.size(), kSmallestRoom));
    if (auto refusal = hold(room)) return refusal;
    body_.reserve(room);
    body_.append(piece);
    return std::nullopt;
  }
  const logs_sdk::Status status = decompressor_->write(piece, body_);
  if (decompressor_->over_limit()) return too_large();
  if (!status.ok()) return error_response(400, "the body is not what its Content-Encoding says");
  return hold(body_.capacity());
}

std::optional<Response> BodyReader::finish() {
  if (decompressor_ && !decompressor_->finish().ok()) {
    return error_response(400, "the body ends before its Content-Encoding says");
  }
  return std::nullopt;
}

std::optional<Response> BodyReader::hold(std::size_t size_bytes) {
  const Budget* const exhausted = share_.grow_to(size_bytes);
  if (exhausted == nullptr) return std::nullopt;
  return error_response(429, "the request bodies of " + std::string(exhausted->holder()) + " may hold at most " +
                                 std::to_string(exhausted->max()) + " bytes at once; try again")
      .with("Retry-After", "1");
}

Response BodyReader::too_large() const {
  return error_response(413, "the body is larger than " + std::to_string(max_bytes_) + " bytes");
}

}  // namespace logs_server
