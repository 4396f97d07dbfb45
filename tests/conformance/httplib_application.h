// The sample application in cpp-httplib, and the two forms of its adapter.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_
#define LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "logs_sdk/adapters/httplib.h"
#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

// Adds the routes of the sample application.
void add_sample_routes(::httplib::Server& server, const Surroundings& around);

using Preparation = std::function<void(::httplib::Server&)>;

// A server of any kind that listens on a port of the kernel's choice until destroyed.
template <typename Server>
class HttplibApplication : public Application {
 public:
  template <typename... Args>
  HttplibApplication(const Surroundings& around, const Preparation& set_up, Args&&... args)
      : server_(std::forward<Args>(args)...) {
    add_sample_routes(server_, around);
    server_.set_mount_point("/files", around.files_folder);
    server_.set_payload_max_length(kMaxRequestBody);
    server_.set_keep_alive_timeout(1);  // so that stop() need not wait long for an idle connection
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

AdapterDescription httplib_description();

// logs_sdk::httplib::Server<>. `hooks` is done to the server with us and to the one without us.
AdapterUnderTest server_form(
    std::string name = "server", const Preparation& hooks = [](auto&) {});
// logs_sdk::httplib::attach(), between `before` and `after`; both are done to the server without us as well.
AdapterUnderTest attached_form(
    std::string name = "attached", const Preparation& before = [](auto&) {}, const Preparation& after = [](auto&) {});

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_HTTPLIB_APPLICATION_H_
