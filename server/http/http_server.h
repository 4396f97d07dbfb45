// HttpServer: HTTP/1.1 on one TCP address: keep-alive, bounds on everything a client can make us hold or wait for,
// the Host check, routing, and an orderly end.
//
// Thread-safety: every call from any thread; it has threads of its own.
// What it refuses by itself: 400 malformed, 404 and 405 by the router, 413 and 429 by the bounds on bodies, 415 unknown
// Content-Encoding, 421 foreign Host, 431 header too large, 503 when the workers are too far behind, 505.
#ifndef LOGS_SERVER_HTTP_HTTP_SERVER_H_
#define LOGS_SERVER_HTTP_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/router.h"
#include "src/base/status.h"

namespace logs_server {

// One request that was answered, for the server's own log: nothing in it comes from the client.
struct ServedRequest {
  std::string_view route;  // "POST /api/v1/ingest/logs": the pattern; "-" when none was found
  int status = 0;
  std::chrono::microseconds duration{};
  std::string_view failure;  // what a handler threw, empty if it did not
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // numeric, to listen on
  std::uint16_t port = 0;             // 0: the kernel chooses
  // Names by which the server may be called, besides those of loopback.
  std::vector<std::string> public_hosts;
  // Threads that talk to clients and parse what they post; and threads for handlers that read or scan.
  unsigned network_threads = 2;
  unsigned worker_threads = 2;
  // A connection holds about 30 KB; one too many is closed at once.
  std::size_t max_connections = 1024;
  // Bodies of all requests together: 32 of the largest, or a thousand usual batches.
  std::size_t max_body_memory_bytes = std::size_t{256} << 20;
  // Requests that wait for a worker; more would only be answered after their client has gone.
  std::size_t max_waiting_requests = 128;
  // A slow client is cut off: with nothing asked, within a header, within a body, taking its answer.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
  std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds body_timeout = std::chrono::seconds(60);
  std::chrono::milliseconds send_timeout = std::chrono::seconds(60);
  // Called after each answer, on a network thread; may be empty, must not throw.
  std::function<void(const ServedRequest&)> on_served;
};

class HttpServer {
 public:
  // Listens and serves. kConfiguration, naming address and errno: not an address, taken, not ours to use.
  static logs_sdk::Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, Router router);
  ~HttpServer();  // drain(0)
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept;

  // Accepts nothing more, lets running requests end, closes idle connections, then what is left at `bound`. Afterwards
  // no handler runs, and an answer that comes still later is dropped. The second call does nothing.
  void drain(std::chrono::milliseconds bound);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_HTTP_SERVER_H_
