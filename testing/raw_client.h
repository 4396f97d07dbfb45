// RawClient: what a client sends to a server on loopback and reads from it, byte for byte, for tests of HTTP itself: no
// HTTP library stands between the test and the wire.
//
// Thread-safety: one thread at a time. A read that gets nothing for 20 s fails the test instead of hanging it.
#ifndef LOGS_SDK_TESTING_RAW_CLIENT_H_
#define LOGS_SDK_TESTING_RAW_CLIENT_H_

#include <strings.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "testing/raw_wire.h"

namespace logs_sdk::inline v1 {

struct RawAnswer {
  int status = 0;
  std::string head;  // status line and fields
  std::string body;

  // The value of a field of any case; empty when there is none.
  std::string field(std::string_view name) const {
    std::size_t line = head.find("\r\n");
    while (line != std::string::npos && line + 2 < head.size()) {
      const std::size_t begin = line + 2;
      line = head.find("\r\n", begin);
      const std::string text = head.substr(begin, line == std::string::npos ? line : line - begin);
      if (text.size() > name.size() && text[name.size()] == ':' &&
          strncasecmp(text.data(), name.data(), name.size()) == 0) {
        const std::size_t value = text.find_first_not_of(' ', name.size() + 1);
        return value == std::string::npos ? "" : text.substr(value);
      }
    }
    return "";
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : RawClient(std::make_unique<TcpWire>(port)) {}
  explicit RawClient(std::unique_ptr<RawWire> wire) : wire_(std::move(wire)) {}

  // False when the server has closed its side meanwhile.
  bool send(std::string_view bytes) { return wire_->send(bytes); }

  // The next answer; status 0 when the connection ended before one was complete. `with_body` false: to HEAD.
  RawAnswer read_answer(bool with_body = true) {
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!wire_->receive(received_)) return answer;
    }
    answer.head = received_.substr(0, end);
    take(end + 4);
    const std::size_t size = with_body ? std::strtoull(answer.field("content-length").c_str(), nullptr, 10) : 0;
    answer.body = read(size);
    if (answer.body.size() < size) return RawAnswer{};
    answer.status = std::atoi(answer.head.c_str() + sizeof("HTTP/1.1"));
    return answer;
  }

  RawAnswer ask(std::string_view request) {
    send(request);
    return read_answer();
  }

  // The next chunk of a chunked body, after read_answer() has read the head; empty at its end, or when the connection
  // ended.
  std::string read_chunk() {
    std::size_t line = std::string::npos;
    while ((line = received_.find("\r\n")) == std::string::npos) {
      if (!wire_->receive(received_)) return "";
    }
    const std::size_t size = std::strtoull(received_.c_str(), nullptr, 16);
    take(line + 2);
    std::string chunk = read(size + 2);
    if (chunk.size() < size + 2) return "";
    chunk.resize(size);
    return chunk;
  }

  // The next `size` bytes, fewer when the server ends before.
  std::string read(std::size_t size) {
    while (received_.size() < size && wire_->receive(received_)) continue;
    return take(std::min(size, received_.size()));
  }
  // Everything up to the end of the connection, asked for in pieces of this size.
  std::string read_to_end(std::size_t piece = RawWire::kPiece) {
    while (wire_->receive(received_, piece)) continue;
    return take(received_.size());
  }

  // True when the server closes without another byte.
  bool ends() { return received_.empty() && !wire_->receive(received_); }

  void finish_sending() { wire_->finish_sending(); }
  void reset_on_close() { wire_->reset_on_close(); }

 private:
  std::string take(std::size_t size) {
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  std::unique_ptr<RawWire> wire_;
  std::string received_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_RAW_CLIENT_H_
