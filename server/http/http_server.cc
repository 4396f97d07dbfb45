#include "server/http/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "server/http/connection.h"

namespace logs_server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

// When accept fails, mostly for want of file descriptors: until the connection that makes room has been closed, asking
// again is in vain.
constexpr std::chrono::milliseconds kAcceptPause{1};
constexpr int kMostPauses = 100;
// At the bound of a drain connections are closed; this long they get to notice.
constexpr std::chrono::milliseconds kAbortBound{1000};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, Router router)
      : context_(std::make_shared<ServerContext>(std::move(options), std::move(router))),
        acceptor_(accepting_),
        work_(context_->network.get_executor()) {}

  Status listen();
  void run();
  void drain(std::chrono::milliseconds bound);
  std::uint16_t port() const noexcept { return port_; }
  ServerLoad load();

 private:
  asio::awaitable<void> accept_all();
  asio::awaitable<void> let_leave();
  asio::awaitable<void> pause();
  void serve(tcp::socket socket);
  void run_network();
  void report(const std::exception& thrown);
  void close_acceptor();

  const std::shared_ptr<ServerContext> context_;
  // On a thread of its own: a newcomer does not wait behind what a thousand connections have for the others.
  asio::io_context accepting_{1};
  tcp::acceptor acceptor_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
  std::once_flag drained_;
};

Status HttpServer::Impl::listen() {
  const HttpServerOptions& options = context_->options;
  const std::string where = "cannot listen on " + options.address + " port " + std::to_string(options.port);
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) return Status(Code::kConfiguration, where + ": it is not a numeric IP address");
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return logs_sdk::errno_status(Code::kConfiguration, where, error.value());
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void HttpServer::Impl::run() {
  asio::co_spawn(accepting_, accept_all(), asio::detached);
  threads_.emplace_back([this] { accepting_.run(); });
  for (unsigned i = 0; i < context_->options.network_threads; ++i) {
    threads_.emplace_back([this] { run_network(); });
  }
}

// What a handler throws ends that handler, never the process.
void HttpServer::Impl::run_network() {
  for (bool ended = false; !ended;) {
    try {
      context_->network.run();
      ended = true;
    } catch (const std::exception& thrown) {
      report(thrown);
    }
  }
}

void HttpServer::Impl::report(const std::exception& thrown) {
  if (context_->options.on_served) {
    context_->options.on_served({.route = "-", .status = 500, .failure = thrown.what()});
  }
}

asio::awaitable<void> HttpServer::Impl::accept_all() {
  while (acceptor_.is_open()) {
    co_await let_leave();
    error_code error;
    tcp::socket socket(asio::make_strand(context_->network));
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      serve(std::move(socket));
    } else if (acceptor_.is_open()) {
      context_->connections.make_room();
      co_await pause();
    }
  }
}

// A burst comes faster than those can close that make room for it. Those that keep their places after all are not
// waited for.
asio::awaitable<void> HttpServer::Impl::let_leave() {
  for (int i = 0; i < kMostPauses && acceptor_.is_open() && context_->connections.is_crowded(); ++i) co_await pause();
}

asio::awaitable<void> HttpServer::Impl::pause() {
  error_code ignored;
  asio::steady_timer timer(acceptor_.get_executor(), kAcceptPause);
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void HttpServer::Impl::serve(tcp::socket socket) {
  const auto strand = socket.get_executor();
  auto connection = std::make_shared<Connection>(std::move(socket), *context_);
  if (!context_->connections.enter(connection)) return;
  Connection* const key = connection.get();
  asio::co_spawn(
      strand, [connection = std::move(connection)] { return connection->run(); },
      [this, key](const std::exception_ptr& failure) {
        context_->connections.leave(key);
        if (failure) std::rethrow_exception(failure);  // to run_network(), which tells of it
      });
}

ServerLoad HttpServer::Impl::load() {
  ConnectionTable& connections = context_->connections;
  return {.connections = connections.size(),
          .waiting_requests = context_->workers.size(),
          .body_memory_bytes = context_->body_memory->used(),
          .answer_memory_bytes = context_->answer_memory->used(),
          .refused_connections = connections.refused_count(),
          .retired_connections = connections.retired_count(),
          .refused_bodies = context_->body_memory->refusals(),
          .refused_requests = context_->requests->refusals() + context_->forwarded_requests->refusals()};
}

void HttpServer::Impl::close_acceptor() {
  std::promise<void> closed;
  asio::post(acceptor_.get_executor(), [this, &closed] {
    error_code ignored;
    acceptor_.close(ignored);
    closed.set_value();
  });
  closed.get_future().wait();
}

void HttpServer::Impl::drain(std::chrono::milliseconds bound) {
  std::call_once(drained_, [this, bound] {
    context_->draining = true;
    close_acceptor();
    ConnectionTable& connections = context_->connections;
    for (const auto& connection : connections.living()) connection->retire();
    if (!connections.wait_until_empty(bound)) {
      context_->aborted = true;
      for (const auto& connection : connections.living()) connection->abort();
      connections.wait_until_empty(kAbortBound);
    }
    context_->workers.finish();
    work_.reset();
    context_->network.stop();
    for (std::thread& thread : threads_) thread.join();
  });
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, Router router) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(router));
  if (const Status status = impl->listen(); !status.ok()) return status;
  impl->run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { impl_->drain(std::chrono::milliseconds(0)); }

std::uint16_t HttpServer::port() const noexcept { return impl_->port(); }

ServerLoad HttpServer::load() const { return impl_->load(); }

void HttpServer::drain(std::chrono::milliseconds bound) { impl_->drain(bound); }

}  // namespace logs_server
