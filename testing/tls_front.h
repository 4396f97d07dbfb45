// TlsFront: ends TLS in front of a server on loopback that speaks plain bytes, as a load balancer does: in front of the
// scripted server, of a sink, of logs-server itself.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_TESTING_TLS_FRONT_H_
#define LOGS_SDK_TESTING_TLS_FRONT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "testing/connection_server.h"
#include "testing/test_certificates.h"

using SSL_CTX = struct ssl_ctx_st;

namespace logs_sdk::inline v1 {

enum class TlsVersions {
  kModern,  // 1.2 and 1.3
  kOld,     // 1.1 only, with whatever ciphers that takes
};

class TlsFront {
 public:
  TlsFront(std::uint16_t backend_port, const TestCertificate& certificate, TlsVersions versions = TlsVersions::kModern);
  ~TlsFront();

  std::uint16_t port() const noexcept { return server_.port(); }
  std::string url(const std::string& path = "/api/v1/ingest/logs", const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(port()) + path;
  }
  // Connections on which client and server agreed.
  int handshakes() const noexcept { return handshakes_; }
  // The oldest version that a client has offered, as on the wire: 0x0303 is TLS 1.2. 0 before the first.
  int oldest_offered() const noexcept { return oldest_offered_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const noexcept;
  };
  void serve(int fd);

  const std::uint16_t backend_port_;
  std::atomic<int> handshakes_{0};
  std::atomic<int> oldest_offered_{0};
  const std::unique_ptr<SSL_CTX, Free> context_;
  ConnectionServer server_;  // last
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_TLS_FRONT_H_
