// ForwardProxy: a real HTTP proxy on loopback: tunnels (CONNECT) and forwards requests in absolute form. Every name is
// taken to be this machine, so that a test can reach a host that does not exist.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_TESTING_FORWARD_PROXY_H_
#define LOGS_SDK_TESTING_FORWARD_PROXY_H_

#include <poll.h>
#include <strings.h>

#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "testing/connection_server.h"

namespace logs_sdk::inline v1 {

class ForwardProxy {
 public:
  // `answer`: if not empty, the whole answer that each request gets instead of being passed on.
  explicit ForwardProxy(std::string answer = "")
      : answer_(std::move(answer)), server_([this](int fd, int) { serve(fd); }) {}

  std::uint16_t port() const noexcept { return server_.port(); }
  std::string url(const std::string& user_info = "") const {
    return "http://" + user_info + "127.0.0.1:" + std::to_string(port());
  }
  // The heads of all requests that the proxy itself was sent: of CONNECT, not of what went through the tunnel.
  std::vector<std::string> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

 private:
  // Bytes read from one side and not yet passed on.
  struct Side {
    int fd = -1;
    std::string unread = {};

    // Up to and with the empty line; empty at the end of the connection.
    std::string take_head() {
      std::size_t end;
      while ((end = unread.find("\r\n\r\n")) == std::string::npos) {
        if (!receive_some(fd, unread)) return {};
      }
      return take(end + 4);
    }
    std::string take(std::size_t size) {
      while (unread.size() < size) {
        if (!receive_some(fd, unread)) return {};
      }
      std::string taken = unread.substr(0, size);
      unread.erase(0, size);
      return taken;
    }
  };

  void serve(int fd) {
    Side client{fd};
    Side backend;
    bool goes_on = true;
    while (goes_on) {
      const std::string head = client.take_head();
      if (head.empty()) break;
      note(head);
      if (!answer_.empty()) {
        client.take(content_length(head));
        goes_on = send_all(fd, answer_);
      } else if (head.starts_with("CONNECT ")) {
        tunnel(client, head);
        goes_on = false;
      } else {
        goes_on = forward(client, backend, head);
      }
    }
    if (backend.fd >= 0) close(backend.fd);
  }

  static void tunnel(Side& client, const std::string& head) {
    const int backend = connect_to_loopback(port_of(head.substr(0, head.find(" HTTP/"))));
    if (backend < 0) return;
    send_all(client.fd, "HTTP/1.1 200 Connection established\r\n\r\n");
    send_all(backend, client.unread);
    pollfd waited[2] = {{client.fd, POLLIN, 0}, {backend, POLLIN, 0}};
    bool goes_on = true;
    while (goes_on && poll(waited, 2, -1) > 0) {
      if (waited[0].revents != 0) goes_on = pass(client.fd, backend);
      if (waited[1].revents != 0) goes_on = goes_on && pass(backend, client.fd);
    }
    close(backend);
  }

  static bool pass(int from, int to) {
    std::string bytes;
    return receive_some(from, bytes) && send_all(to, bytes);
  }

  // One request and its answer, both with Content-Length. "POST http://host:port/path HTTP/1.1" becomes "POST /path".
  static bool forward(Side& client, Side& backend, const std::string& head) {
    const std::size_t scheme = head.find("://");
    const std::size_t path = head.find('/', scheme + 3);
    if (scheme == std::string::npos || path == std::string::npos) return false;
    if (backend.fd < 0) backend.fd = connect_to_loopback(port_of(head.substr(0, path)));
    const std::string request = head.substr(0, head.find(' ') + 1) + head.substr(path);
    if (backend.fd < 0 || !send_all(backend.fd, request + client.take(content_length(head)))) return false;
    const std::string answer = backend.take_head();
    return !answer.empty() && send_all(client.fd, answer + backend.take(content_length(answer)));
  }

  static std::uint16_t port_of(const std::string& authority) {
    return static_cast<std::uint16_t>(std::atoi(authority.c_str() + authority.rfind(':') + 1));
  }

  static std::size_t content_length(const std::string& head) {
    const char* const field = strcasestr(head.c_str(), "\r\ncontent-length:");
    return field == nullptr ? 0 : static_cast<std::size_t>(std::atol(field + sizeof "\r\ncontent-length:" - 1));
  }

  void note(const std::string& head) {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
  }

  const std::string answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;  // guarded by mutex_
  ConnectionServer server_;         // last
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_FORWARD_PROXY_H_
