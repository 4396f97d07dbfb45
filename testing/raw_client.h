// RawClient: a TCP connection to a server on loopback that sends and reads exact bytes, for tests of HTTP itself.
//
// Thread-safety: one thread at a time. A read that gets nothing for 20 s fails the test instead of hanging it.
#ifndef LOGS_SDK_TESTING_RAW_CLIENT_H_
#define LOGS_SDK_TESTING_RAW_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

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
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect");
    }
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  // False when the server has closed its side meanwhile.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next answer; status 0 when the connection ended before one was complete. `with_body` false: to HEAD.
  RawAnswer read_answer(bool with_body = true) {
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return answer;
    }
    answer.head = received_.substr(0, end);
    received_.erase(0, end + 4);
    const std::size_t size = with_body ? std::strtoull(answer.field("content-length").c_str(), nullptr, 10) : 0;
    while (received_.size() < size) {
      if (!receive()) return RawAnswer{};
    }
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    answer.status = std::atoi(answer.head.c_str() + sizeof("HTTP/1.1"));
    return answer;
  }

  RawAnswer ask(std::string_view request) {
    send(request);
    return read_answer();
  }

  // True when the server closes without another byte.
  bool ends() { return received_.empty() && !receive(); }

  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

 private:
  bool receive() {
    char piece[16384];
    const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
    if (size < 0 && errno == EAGAIN) throw std::runtime_error("the server was silent for 20 s");
    if (size <= 0) return false;
    received_.append(piece, static_cast<std::size_t>(size));
    return true;
  }

  const int socket_;
  std::string received_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_RAW_CLIENT_H_
