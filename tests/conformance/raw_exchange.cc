#include "tests/conformance/raw_exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace logs_sdk::conformance {
namespace {

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
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
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t sent = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server has answered and closed before it read all
      done += static_cast<std::size_t>(sent);
    }
  }

  // Reads until the server closes, or until at least `enough` bytes have come.
  std::string read(std::size_t enough) {
    std::string all;
    char piece[16384];
    while (all.size() < enough) {
      const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
      if (size < 0 && errno == EAGAIN) throw std::runtime_error("the server was silent for 20 s; it had sent:\n" + all);
      if (size <= 0) break;
      all.append(piece, static_cast<std::size_t>(size));
    }
    return all;
  }

  // Reads the head of an answer and the body whose length it tells.
  std::string read_one_answer() {
    std::string answer;
    char byte;
    while (!answer.ends_with("\r\n\r\n") && ::recv(socket_, &byte, 1, 0) == 1) answer += byte;
    const std::size_t field = answer.find("Content-Length: ");
    if (field == std::string::npos) throw std::runtime_error("an answer without length:\n" + answer);
    const std::size_t body_size = std::stoul(answer.substr(field + std::strlen("Content-Length: ")));
    std::string body(body_size, 0);
    const ssize_t read = ::recv(socket_, body.data(), body_size, MSG_WAITALL);
    return answer + body.substr(0, static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
  }

  // The next close() sends RST in place of FIN, as a client that was killed with bytes unread does.
  void reset_on_close() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  const int socket_;
};

}  // namespace

std::string converse(std::uint16_t port, const ExchangeCase& exchange) {
  Connection connection(port);
  connection.send(exchange.sent);
  std::string first;
  if (!exchange.sent_after_answer.empty()) {
    first = connection.read_one_answer();
    connection.send(exchange.sent_after_answer);
  }
  if (exchange.leaving == Leaving::kWhenServerCloses) return first + connection.read(std::string::npos);
  const std::string seen = connection.read(exchange.read_before_leaving);
  // RST would let the server forget what it has not read yet; a body cut short is told by FIN as well.
  if (exchange.read_before_leaving > 0) connection.reset_on_close();
  return seen;
}

std::string without_dates(std::string answer) {
  constexpr std::string_view kDate = "\r\nDate: ";
  for (std::size_t at = 0; (at = answer.find(kDate, at)) != std::string::npos;) {
    at += kDate.size();
    answer.erase(at, answer.find('\r', at) - at);
  }
  return answer;
}

}  // namespace logs_sdk::conformance
