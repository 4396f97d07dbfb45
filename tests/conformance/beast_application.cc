#include "tests/conformance/beast_application.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "tests/conformance/beast_serving.h"

namespace logs_sdk::conformance {
namespace {

namespace asio = boost::asio;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class BeastApplication : public Application {
 public:
  explicit BeastApplication(const Surroundings& around)
      : around_(around), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    if (secure()) {
      tls_.use_certificate_chain_file(around_.certificate_file);
      tls_.use_private_key_file(around_.key_file, asio::ssl::context::pem);
    }
    asio::co_spawn(context_, accept(), asio::detached);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context_.run(); });
  }
  ~BeastApplication() override {
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

 private:
  bool secure() const { return !around_.certificate_file.empty(); }

  awaitable<void> accept() {
    while (true) {
      // Each connection has a strand: its coroutine may go on in either thread.
      tcp::socket socket(asio::make_strand(context_));
      co_await acceptor_.async_accept(socket, use_awaitable);
      const auto executor = socket.get_executor();
      // What a coroutine throws ends its connection, as it would in most servers.
      asio::co_spawn(executor, serve(std::move(socket)), [](const std::exception_ptr&) {});
    }
  }

  awaitable<void> serve(tcp::socket socket) {
    if (around_.logs == nullptr) {
      return secure() ? serve_secure(std::move(socket), tls_, around_) : serve_plain(std::move(socket), around_);
    }
    return secure() ? serve_recorded_secure(std::move(socket), tls_, around_)
                    : serve_recorded(std::move(socket), around_);
  }

  const Surroundings around_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  asio::io_context context_{2};
  tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

}  // namespace

AdapterUnderTest beast_form() {
  return {"coroutines", beast_description(),
          [](const Surroundings& around) { return std::make_unique<BeastApplication>(around); }};
}

}  // namespace logs_sdk::conformance
