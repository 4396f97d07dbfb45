// HttpServer: HTTP/1.1 on one TCP address: keep-alive, bounds on everything a client can make us hold or wait for,
// the Host check, routing, and an orderly end.
//
// Thread-safety: every call from any thread; it has threads of its own.
// What it refuses by itself: 400 malformed, 404 and 405 by the router, 413 and 429 by the bounds on bodies, 415 unknown
// Content-Encoding, 421 foreign Host, 429 when a key, an address or a reader has too many requests under way or
// waiting, 431 header too large, 503 when all readers together have too many waiting, 505.
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
  std::size_t body_bytes = 0;  // of the request, decoded
  bool is_stream = false;      // the answer lasted as long as its client liked
  std::string_view failure;    // what a handler threw, empty if it did not
};

// What the server holds at the moment, and what it has refused so far.
struct ServerLoad {
  std::size_t connections = 0;
  std::size_t waiting_requests = 0;       // for a worker, or with one
  std::size_t body_memory_bytes = 0;      // of all requests together
  std::size_t answer_memory_bytes = 0;    // of large answers that are being sent
  std::uint64_t refused_connections = 0;  // closed at once, by a bound
  std::uint64_t retired_connections = 0;  // closed to make room for others
  std::uint64_t refused_bodies = 0;       // for want of memory, of all or of one's share
  std::uint64_t refused_requests = 0;     // too many under way, of all, of one key or one address
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // numeric, to listen on
  std::uint16_t port = 0;             // 0: the kernel chooses
  // Names by which the server may be called, besides those of loopback.
  std::vector<std::string> public_hosts;
  // Threads that talk to clients and parse what they post; and threads for handlers that read or scan.
  unsigned network_threads = 2;
  unsigned worker_threads = 2;
  // A connection holds about 30 KB. One too many takes the place of another: connection_table.h says of which.
  std::size_t max_connections = 1024;
  // Of them, by one peer (an IPv4 address, the first 64 bits of an IPv6 address); 0: no bound. Shared peers are exempt:
  // numeric addresses behind which many clients stand, such as a reverse proxy's. They are believed in what they
  // say of their clients, and what comes from them has the same bound on requests under way by the address that
  // X-Forwarded-For names.
  std::size_t max_connections_per_peer = 128;
  std::vector<std::string> shared_peers = {"127.0.0.1", "::1"};
  // Bodies of all requests together: 32 of the largest, or a thousand usual batches. A quarter of it is one key's
  // share, half of it one project's (budget.h), as of the requests under way, of which all have max_connections.
  std::size_t max_body_memory_bytes = std::size_t{256} << 20;
  // Answers of more than 64 KiB that are being sent; a key or a reader has a quarter of it.
  std::size_t max_answer_memory_bytes = std::size_t{256} << 20;
  // Requests that wait for a worker, in all and of one principal (of a peer, where the guard names none); more would
  // only be answered after their client has gone.
  std::size_t max_waiting_requests = 128;
  std::size_t max_waiting_requests_per_principal = 32;
  // A slow client is cut off: with nothing asked, within a header, within a body, taking its answer.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
  std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds body_timeout = std::chrono::seconds(60);
  std::chrono::milliseconds send_timeout = std::chrono::seconds(60);
  // After the grace a body has to have come at this rate at least: below it a client only holds its place.
  std::chrono::milliseconds body_grace = std::chrono::seconds(10);
  std::size_t min_body_bytes_per_s = 1024;
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
  ServerLoad load() const;

  // Accepts nothing more, lets running requests end, asks streams for their end, closes idle connections, then what is
  // left at `bound`. Afterwards
  // no handler runs, and an answer that comes still later is dropped. The second call does nothing.
  void drain(std::chrono::milliseconds bound);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_HTTP_SERVER_H_
