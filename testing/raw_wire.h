// RawWire: one connection to a server on loopback, bytes only; TcpWire is the plain one, TlsWire (tls_wire.h) has TLS.
//
// Thread-safety: one thread at a time. A read that gets nothing for 20 s throws std::runtime_error instead of hanging.
#ifndef LOGS_SDK_TESTING_RAW_WIRE_H_
#define LOGS_SDK_TESTING_RAW_WIRE_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

class RawWire {
 public:
  static constexpr std::size_t kPiece = 16384;

  virtual ~RawWire() = default;

  // False when the server has closed its side meanwhile.
  virtual bool send(std::string_view bytes) = 0;
  // Appends what comes next, at most `most` bytes. False when the server has ended the connection.
  virtual bool receive(std::string& to, std::size_t most = kPiece) = 0;
  // Tells the server that nothing more will be sent; reading goes on.
  virtual void finish_sending() = 0;
  // The connection will end by RST in place of FIN, as that of a client that was killed with bytes unread.
  virtual void reset_on_close() = 0;
  virtual std::uint16_t local_port() const = 0;
};

class TcpWire : public RawWire {
 public:
  // `window_bytes`: how much the kernel takes before it is read; 0: what it likes. `from`: an address of loopback, as
  // which the client comes.
  explicit TcpWire(std::uint16_t port, int window_bytes = 0, const char* from = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (window_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window_bytes, sizeof window_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &address.sin_addr);
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect");
    }
  }
  TcpWire(const TcpWire&) = delete;
  TcpWire& operator=(const TcpWire&) = delete;
  ~TcpWire() override { ::close(socket_); }

  int socket() const { return socket_; }
  std::uint16_t local_port() const override {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool receive(std::string& to, std::size_t most) override {
    const std::size_t before = to.size();
    to.resize(before + most);
    const ssize_t size = ::recv(socket_, to.data() + before, most, 0);
    to.resize(before + static_cast<std::size_t>(size > 0 ? size : 0));
    if (size < 0 && errno == EAGAIN) throw std::runtime_error("the server was silent for 20 s; it had sent:\n" + to);
    return size > 0;
  }

  void finish_sending() override { ::shutdown(socket_, SHUT_WR); }

  void reset_on_close() override {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  const int socket_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_RAW_WIRE_H_
