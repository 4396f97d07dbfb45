// Connection: one client's TCP connection, from accept to close; requests on it are served one after the other.
//
// Internal to this folder: includes Asio and Beast. Everything runs on the connection's strand; what may be called from
// any thread says so.
#ifndef LOGS_SERVER_HTTP_CONNECTION_H_
#define LOGS_SERVER_HTTP_CONNECTION_H_

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/body_reader.h"
#include "server/http/budget.h"
#include "server/http/connection_table.h"
#include "server/http/host_check.h"
#include "server/http/http_server.h"
#include "server/http/response_head.h"
#include "server/http/router.h"
#include "server/http/work_queue.h"

namespace logs_server {

// What all connections of one server share. A promised answer owns it too: it may come after the server has gone.
// Connections do not, or a connection left in the queues of `network` would own itself.
struct ServerContext : std::enable_shared_from_this<ServerContext> {
  ServerContext(HttpServerOptions server_options, Router server_router)
      : options(std::move(server_options)),
        router(std::move(server_router)),
        hosts(options.public_hosts),
        body_memory(std::make_shared<Budget>(options.max_body_memory_bytes, kAllClients)),
        answer_memory(std::make_shared<Budget>(options.max_answer_memory_bytes, kAllClients)),
        requests(std::make_shared<Budget>(options.max_connections, kAllClients)),
        forwarded_requests(std::make_shared<Budget>(std::numeric_limits<std::size_t>::max(), kAllClients)),
        connections(options),
        network(static_cast<int>(options.network_threads)),
        workers({.threads = options.worker_threads,
                 .max_waiting = options.max_waiting_requests,
                 .max_waiting_per_principal = options.max_waiting_requests_per_principal}) {}

  static constexpr std::string_view kAllClients = "all clients together";

  const HttpServerOptions options;
  const Router router;
  const HostCheck hosts;
  const std::shared_ptr<Budget> body_memory;
  const std::shared_ptr<Budget> answer_memory;       // of large answers that are being sent
  const std::shared_ptr<Budget> requests;            // under way that have passed their guard
  const std::shared_ptr<Budget> forwarded_requests;  // under way, by the address behind a shared peer; itself no bound
  ConnectionTable connections;
  std::atomic<bool> draining = false;  // the request under way on a connection is its last
  std::atomic<bool> aborted = false;   // nobody waits for an answer any more
  boost::asio::io_context network;
  WorkQueue workers;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ServerContext& context);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Serves until either side ends. Runs on the socket's executor, which must be a strand.
  boost::asio::awaitable<void> run();

  // -- From any thread

  // Closes the connection, or lets the request under way be its last; a streamed answer is asked for its end.
  void retire();
  void abort();
  // Another takes its place: closes the connection, unless a request has passed its guard meanwhile; then after it.
  void evict();
  // Empty: that of a shared peer.
  const std::string& counted_peer() const noexcept { return counted_peer_; }

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  // The request in service.
  struct Exchange;

  boost::asio::awaitable<bool> wait_for_bytes();
  boost::asio::awaitable<bool> serve_one();
  // The answer that refuses the header; none when parser and request have it, or when the client went away.
  boost::asio::awaitable<std::optional<Response>> read_header(Parser& parser, Request& request);
  // The answer to what came with the header alone, if it refuses the request.
  std::optional<Response> admit(Exchange& exchange, const Parser& parser);
  std::optional<Response> admit_forwarded(Exchange& exchange);
  std::optional<Response> admit_by_guard(Exchange& exchange);
  boost::asio::awaitable<std::optional<Response>> read_body(Parser& parser, BodyReader& reader);
  boost::asio::awaitable<Response> handle(Exchange& exchange);
  void run_handler(Exchange& exchange, const Responder& responder);
  void run_on_worker(Exchange& exchange, const Responder& responder);
  void report(const Exchange& exchange, const Response& response, std::chrono::steady_clock::duration duration);
  boost::asio::awaitable<bool> write(const Response& response, bool with_body, bool http11, bool keep_alive);
  boost::asio::awaitable<void> linger();

  // -- Streamed answers (connection_stream.cc)
  boost::asio::awaitable<bool> write_stream(std::shared_ptr<BodyStream> body, Framing framing);
  boost::asio::awaitable<BodyStream::Taken> next_piece(BodyStream& body, boost::asio::steady_timer& waker);
  void watch_for_end();

  ServerContext& context_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::vector<char> piece_;  // of a body, between the parser and its reader
  boost::asio::ip::address peer_;
  std::string counted_peer_;               // empty: that of a shared peer
  std::shared_ptr<BodyStream> streaming_;  // the answer under way, when it is one
  bool waiting_ = false;                   // for a request
  bool keeps_place_ = false;               // the request under way has passed its guard
  bool retiring_ = false;                  // the request under way is the last
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_CONNECTION_H_
