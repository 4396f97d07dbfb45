// LoopbackSink: another process on 127.0.0.1 that takes POSTs, throws the bodies away and answers 200, so that what the
// benchmarks measure is this process's share only. Ended by its destructor.
#ifndef LOGS_SDK_BENCH_LOOPBACK_SINK_H_
#define LOGS_SDK_BENCH_LOOPBACK_SINK_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

namespace bench {

class LoopbackSink {
 public:
  // `accept_encoding` is offered in every answer ("zstd", or empty for none). Call before any thread is started.
  explicit LoopbackSink(const std::string& accept_encoding = "") {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("loopback sink: cannot listen");
    }
    port_ = ntohs(address.sin_port);
    child_ = fork();
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(listener, accept_encoding);
    }
    close(listener);
  }
  ~LoopbackSink() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  LoopbackSink(const LoopbackSink&) = delete;
  LoopbackSink& operator=(const LoopbackSink&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/api/v1/ingest/logs"; }

  // A connected socket, for the raw comparison.
  int connect_raw() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("loopback sink: cannot connect");
    }
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
  }

 private:
  [[noreturn]] static void serve(int listener, const std::string& accept_encoding) {
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    if (!accept_encoding.empty()) answer += "Accept-Encoding: " + accept_encoding + "\r\n";
    answer += "\r\n";
    for (;;) {
      const int fd = accept(listener, nullptr, nullptr);
      if (fd >= 0) std::thread(drain, fd, answer).detach();
    }
  }

  static void drain(int fd, const std::string& answer) {
    std::string head;
    std::string buffer(1 << 20, '\0');
    std::size_t body_left = 0;
    for (;;) {
      const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      std::size_t used = 0;
      const auto size = static_cast<std::size_t>(got);
      while (used < size) {
        if (body_left > 0) {
          const std::size_t taken = std::min(body_left, size - used);
          body_left -= taken;
          used += taken;
        } else {
          head += buffer[used++];
          if (!head.ends_with("\r\n\r\n")) continue;
          const char* length = strcasestr(head.c_str(), "content-length:");
          body_left = length == nullptr ? 0 : std::strtoull(length + 15, nullptr, 10);
          head.clear();
          if (body_left > 0) continue;
        }
        if (body_left == 0 && send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
    }
    close(fd);
  }

  int port_ = 0;
  pid_t child_ = -1;
};

}  // namespace bench

#endif  // LOGS_SDK_BENCH_LOOPBACK_SINK_H_
