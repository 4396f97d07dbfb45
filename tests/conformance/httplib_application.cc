#include "tests/conformance/httplib_application.h"

#include <stdexcept>

namespace logs_sdk::conformance {
namespace {

using ::httplib::DataSink;
using ::httplib::Request;
using ::httplib::Response;

void add_plain_routes(::httplib::Server& server) {
  server.Get("/hello", [](const Request&, Response& res) { res.set_content("hello", "text/plain"); });
  server.Post("/echo", [](const Request& req, Response& res) {
    res.set_content(req.body, req.get_header_value("Content-Type"));
  });
  server.Get("/headers", [](const Request&, Response& res) {
    res.set_header("X-Out", "one");
    res.set_header("X-Out", "two");
  });
  server.Get("/cookies", [](const Request&, Response& res) {
    res.set_header("Set-Cookie", "a=1; Path=/");
    res.set_header("Set-Cookie", "b=2; HttpOnly");
  });
  server.Get("/large",
             [](const Request&, Response& res) { res.set_content(std::string(kLargeBytes, 'l'), "text/plain"); });
}

void add_throwing_routes(::httplib::Server& server) {
  server.Get("/throw/std", [](const Request&, Response&) { throw std::runtime_error("broken\r\npart"); });
  server.Get("/throw/other", [](const Request&, Response&) { throw 42; });
  server.Get("/throw/late", [](const Request&, Response& res) {
    res.status = 202;
    res.set_content("half an answer", "text/plain");
    throw std::logic_error("late");
  });
  server.Get("/throw/midway", [](const Request&, Response& res) {
    res.set_chunked_content_provider("text/plain", [](std::size_t offset, DataSink& sink) {
      if (offset > 0) throw std::runtime_error("midway");
      return sink.write("first,", 6);
    });
  });
  server.Get("/throw/provider", [](const Request&, Response& res) {
    res.set_content_provider(4, "text/plain",
                             [](std::size_t, std::size_t, DataSink& sink) { return sink.write("four", 4); });
    throw std::logic_error("late");
  });
}

void add_streaming_routes(::httplib::Server& server) {
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

// These know that they are recorded.
void add_telling_routes(::httplib::Server& server, LogSDK* logs) {
  server.Get("/mine", [](const Request&, Response& res) {
    Exchange& exchange = ::logs_sdk::httplib::current_exchange();
    exchange.set_user("ada");
    exchange.set_session("visit-1");
    exchange.add_tag("colour", TagValue(std::string("red")));
    exchange.mark_business_error("sold out");
    res.set_content("mine", "text/plain");
  });
  server.Get("/log", [logs](const Request&, Response& res) {
    if (logs != nullptr) logs->info("within", {{"step", 2}});
    res.set_content("logged", "text/plain");
  });
}

void stream_chunks(const std::string& type, const std::vector<std::string>& chunks, Response& res) {
  auto next = chunks.begin();
  res.set_chunked_content_provider(type, [next, end = chunks.end()](std::size_t, DataSink& sink) mutable {
    if (!sink.write(next->data(), next->size())) return false;
    if (++next == end) sink.done();
    return true;
  });
}

void add_scripted_route(::httplib::Server& server, const Script& script) {
  const auto handler = [&script](const Request&, Response& res) {
    const golden::Handler& now = script.now();
    golden::tell(now, ::logs_sdk::httplib::current_exchange());
    if (now.throws()) golden::throw_exception(now);
    res.status = now.status;
    for (const auto& [name, value] : now.headers) res.set_header(name, value);
    if (now.streams()) {
      const std::string type = res.get_header_value("Content-Type");
      res.headers.erase("Content-Type");
      return stream_chunks(type, now.chunks, res);
    }
    if (!now.chunks.empty()) res.body = now.chunks.front();
  };
  server.Get(".*", handler)
      .Post(".*", handler)
      .Put(".*", handler)
      .Patch(".*", handler)
      .Delete(".*", handler)
      .Options(".*", handler);
}

template <typename Plain, typename... Files>
std::unique_ptr<Application> start_server(const Surroundings& around, const Preparation& hooks, const Files&... files) {
  using Recording = ::logs_sdk::httplib::Server<Plain>;
  if (around.logs == nullptr) return std::make_unique<HttplibApplication<Plain>>(around, hooks, files...);
  return std::make_unique<HttplibApplication<Recording>>(around, hooks, *around.logs, files...);
}

}  // namespace

void add_sample_routes(::httplib::Server& server, const Surroundings& around) {
  if (around.script != nullptr) return add_scripted_route(server, *around.script);
  add_plain_routes(server);
  add_throwing_routes(server);
  add_streaming_routes(server);
  add_telling_routes(server, around.logs);
}

AdapterUnderTest server_form(std::string name, const Preparation& hooks) {
  return {std::move(name), httplib_description(), [hooks](const Surroundings& around) {
            if (around.certificate_file.empty()) return start_server<::httplib::Server>(around, hooks);
            return start_server<::httplib::SSLServer>(around, hooks, around.certificate_file.c_str(),
                                                      around.key_file.c_str());
          }};
}

AdapterUnderTest attached_form(std::string name, const Preparation& before, const Preparation& after) {
  return {std::move(name), httplib_description(), [before, after](const Surroundings& around) {
            const Preparation set_up = [&](::httplib::Server& server) {
              before(server);
              if (around.logs != nullptr) ::logs_sdk::httplib::attach(server, *around.logs);
              after(server);
            };
            std::unique_ptr<Application> application;
            if (around.certificate_file.empty()) {
              application = std::make_unique<HttplibApplication<::httplib::Server>>(around, set_up);
            } else {
              application = std::make_unique<HttplibApplication<::httplib::SSLServer>>(
                  around, set_up, around.certificate_file.c_str(), around.key_file.c_str());
            }
            return application;
          }};
}

}  // namespace logs_sdk::conformance
