#include "tests/conformance/httplib_application.h"

#include <stdexcept>
#include <string>

namespace logs_sdk::conformance {

using ::httplib::DataSink;
using ::httplib::Request;
using ::httplib::Response;

void add_sample_routes(::httplib::Server& server) {
  server.set_keep_alive_timeout(1);  // so that stop() need not wait long for an idle connection
  server.Get("/hello", [](const Request&, Response& res) { res.set_content("hello", "text/plain"); });
  server.Post("/echo", [](const Request& req, Response& res) {
    res.set_content(req.body, req.get_header_value("Content-Type"));
  });
  server.Get("/headers", [](const Request&, Response& res) {
    res.set_header("X-Out", "one");
    res.set_header("X-Out", "two");
  });
  server.Get("/throw/std", [](const Request&, Response&) { throw std::runtime_error("broken\r\npart"); });
  server.Get("/throw/other", [](const Request&, Response&) { throw 42; });
  server.Get("/throw/late", [](const Request&, Response& res) {
    res.status = 202;
    res.set_content("half an answer", "text/plain");
    throw std::logic_error("late");
  });
  server.Get("/throw/provider", [](const Request&, Response& res) {
    res.set_content_provider(4, "text/plain",
                             [](std::size_t, std::size_t, DataSink& sink) { return sink.write("four", 4); });
    throw std::logic_error("late");
  });
  server.Get("/stream", [](const Request&, Response& res) {
    res.set_chunked_content_provider("text/plain", [](std::size_t offset, DataSink& sink) {
      const std::string part = offset == 0 ? "first," : offset == 6 ? "second," : "third";
      if (!sink.write(part.data(), part.size())) return false;
      if (offset == 13) sink.done();
      return true;
    });
  });
  server.Get("/endless", [](const Request&, Response& res) {
    res.set_chunked_content_provider("text/plain", [](std::size_t, DataSink& sink) {
      static const std::string part(65536, 'e');
      return sink.write(part.data(), part.size());
    });
  });
}

AdapterUnderTest server_form(std::string name, std::function<void(::logs_sdk::httplib::Server<>&)> with_us,
                             std::function<void(::httplib::Server&)> without_us) {
  return {std::move(name), {}, [with_us, without_us](const Surroundings& around) -> std::unique_ptr<Application> {
            using Recording = ::logs_sdk::httplib::Server<>;
            if (around.logs == nullptr) return std::make_unique<HttplibApplication<::httplib::Server>>(without_us);
            return std::make_unique<HttplibApplication<Recording>>(with_us, *around.logs);
          }};
}

AdapterUnderTest attached_form() {
  return {"attached", {}, [](const Surroundings& around) -> std::unique_ptr<Application> {
            return std::make_unique<HttplibApplication<::httplib::Server>>([&around](::httplib::Server& server) {
              if (around.logs != nullptr) ::logs_sdk::httplib::attach(server, *around.logs);
            });
          }};
}

}  // namespace logs_sdk::conformance
