// BodyReader: the body of one request, decoded while it arrives, never more than its bound.
//
// Thread-safety: one thread at a time.
#ifndef LOGS_SERVER_HTTP_BODY_READER_H_
#define LOGS_SERVER_HTTP_BODY_READER_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/budget.h"
#include "server/http/response.h"
#include "src/base/compression.h"

namespace logs_server {

// The encoding a Content-Encoding names (any case, "x-gzip" too); none when it is one that we do not read.
std::optional<logs_sdk::Encoding> parse_content_encoding(std::string_view value);

class BodyReader {
 public:
  // Takes what it holds from `budget`, as it comes: what a client only announces costs nobody anything. Gives it back
  // when destroyed.
  BodyReader(logs_sdk::Encoding encoding, std::size_t max_bytes, std::shared_ptr<Budget> budget);

  // Each returns the answer that refuses the request, or none: 413 over the bound (as soon as it is passed, on the wire
  // as well as decoded), 400 damaged, 429 naming the bound when the budget or a whole of it does not hold as much.
  std::optional<Response> expect(std::size_t content_length);  // before the first write, when the length is known
  std::optional<Response> write(std::string_view piece);
  std::optional<Response> finish();

  std::string& body() noexcept { return body_; }
  // What its client is charged with: what came, decoded, or what came on the wire if that was more.
  std::size_t charged_bytes() const noexcept { return std::max(wire_bytes_, body_.size()); }

 private:
  Response too_large() const;
  // The answer that refuses when the budget does not hold so much.
  std::optional<Response> hold(std::size_t size_bytes);

  const std::size_t max_bytes_;
  std::size_t wire_bytes_ = 0;
  Budget::Share share_;
  std::unique_ptr<logs_sdk::Decompressor> decompressor_;  // none for identity
  std::string body_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_BODY_READER_H_
