// The sample application in cpp-httplib, and the two forms of its adapter.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_
#define LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "logs_sdk/adapters/httplib.h"
#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

// Adds the routes of the sample application.
void add_sample_routes(::httplib::Server& server);

// A server of any of the three kinds that listens on a port of the kernel's choice until destroyed.
template <typename Server>
class HttplibApplication : public Application {
 public:
  template <typename... Args>
  explicit HttplibApplication(const std::function<void(Server&)>& set_up, Args&&... args)
      : server_(std::forward<Args>(args)...) {
    add_sample_routes(server_);
    set_up(server_);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~HttplibApplication() override {
    server_.stop();
    thread_.join();
  }
  std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }

 private:
  Server server_;
  int port_ = 0;
  std::thread thread_;
};

// `set_up` is done to the server with us and to the one without us.
AdapterUnderTest server_form(
    std::string name = "server", std::function<void(::logs_sdk::httplib::Server<>&)> with_us = [](auto&) {},
    std::function<void(::httplib::Server&)> without_us = [](auto&) {});
AdapterUnderTest attached_form();

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_
