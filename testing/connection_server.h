// ConnectionServer: listens on a port of loopback that the kernel chooses and serves each connection by a thread of its
// own. What is said on them is up to its user: scripted_http_server.h, tls_front.h, forward_proxy.h.
//
// Thread-safety: every call from any thread. The destructor shuts every connection down, which ends a `serve` that
// reads or polls it, and waits for the threads: it must be the last member of its user.
#ifndef LOGS_SDK_TESTING_CONNECTION_SERVER_H_
#define LOGS_SDK_TESTING_CONNECTION_SERVER_H_

#include <netinet/tcp.h>

#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "src/base/all_signals_blocked.h"
#include "testing/loopback.h"

namespace logs_sdk::inline v1 {

class ConnectionServer {
 public:
  // The descriptor is closed by the server when `serve` returns; `number` counts connections from 0.
  using Serve = std::function<void(int fd, int number)>;

  // Unless it listens, connections to its port are refused until listen_now().
  explicit ConnectionServer(Serve serve, bool listens = true)
      : serve_(std::move(serve)), listener_(socket(AF_INET, kSocket, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no port to be had on loopback");
    }
    port_ = ntohs(address.sin_port);
    if (listens) listen_now();
  }
  ~ConnectionServer() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }
  ConnectionServer(const ConnectionServer&) = delete;
  ConnectionServer& operator=(const ConnectionServer&) = delete;

  void listen_now() {
    if (listen(listener_, 64) != 0) throw std::runtime_error("cannot listen on loopback");
    const AllSignalsBlocked blocked;  // also SIGPIPE, for threads that write to a peer that is gone
    acceptor_ = std::thread([this] { accept_connections(); });
  }

  std::uint16_t port() const noexcept { return port_; }
  // So far, also those that have ended.
  int connections() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(threads_.size());
  }

 private:
  static constexpr int kSocket = SOCK_STREAM | SOCK_CLOEXEC;

  void accept_connections() {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex_);
      if (closing_ || fd < 0) {
        if (fd >= 0) close(fd);
        return;
      }
      const int one = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      open_.insert(fd);
      threads_.emplace_back([this, fd, number = static_cast<int>(threads_.size())] {
        serve_(fd, number);
        const std::lock_guard ended(mutex_);
        open_.erase(fd);
        close(fd);
      });
    }
  }

  const Serve serve_;
  const int listener_;
  std::uint16_t port_ = 0;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  bool closing_ = false;
  std::set<int> open_;
  std::vector<std::thread> threads_;  // joined by the destructor, when nothing is accepted any more
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_CONNECTION_SERVER_H_
