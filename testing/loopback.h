// Sockets on loopback as tests use them: blocking, closed on exec.
#ifndef LOGS_SDK_TESTING_LOOPBACK_H_
#define LOGS_SDK_TESTING_LOOPBACK_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// A connection to 127.0.0.1, which the caller closes; -1 when nobody listens.
inline int connect_to_loopback(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

// False when the peer is gone.
inline bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Appends what comes next; false at the end.
inline bool receive_some(int fd, std::string& to) {
  char piece[64 << 10];
  const ssize_t got = recv(fd, piece, sizeof piece, 0);
  if (got > 0) to.append(piece, static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_LOOPBACK_H_
