// The adapter for cpp-httplib. Either make your server by another name:
//
//     logs_sdk::httplib::Server<::httplib::Server> server(logs);  // or <::httplib::SSLServer> server(logs, cert, key)
//
// which keeps working whatever hooks you set on it before listen(), or attach to one that has no hooks of its own:
//
//     logs_sdk::httplib::attach(server, logs);
//
// Within a handler, logs_sdk::httplib::current_exchange() is the exchange that it serves: for user, session, tags.
// cpp-httplib has one place for each hook and no way to read it: attach() replaces hooks that were set before, and one
// that you set later replaces ours. `logs` outlives the server. What the framework does not show is in
// docs/adapters.md. Thread-safety: as that of ::httplib::Server: set up first, then listen.
#ifndef LOGS_SDK_ADAPTERS_HTTPLIB_H_
#define LOGS_SDK_ADAPTERS_HTTPLIB_H_

#include <httplib.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "logs_sdk/logs_sdk.h"

namespace logs_sdk {
inline namespace v1 {
namespace httplib {
namespace detail {

using Request = ::httplib::Request;
using Response = ::httplib::Response;
using Framework = ::httplib::Server;
using HandlerResponse = Framework::HandlerResponse;

// What a handler that threw had put into the response. With an exception hook in place the framework treats what it
// left as a proper answer: it adds Content-Length, applies ranges, compresses. Without one it does not. So that the
// client receives the same bytes, everything this looks at is put aside while it is done (take) and put back before the
// response is written (restore).
class Unframed {
 public:
  void take(const Request& req, Response& res) {
    taken_ = true;
    body_.swap(res.body);
    std::swap(length_, res.content_length_);
    std::swap(chunked_, res.is_chunked_content_provider_);
    ranges(req).swap(ranges_);
    placeholder_ = !body_.empty() && !res.content_provider_;
    if (placeholder_) res.content_provider_ = [](std::size_t, std::size_t, ::httplib::DataSink&) { return false; };
  }
  void restore(const Request& req, Response& res) {
    if (!taken_) return;
    res.body.swap(body_);
    res.content_length_ = length_;
    res.is_chunked_content_provider_ = chunked_;
    ranges(req).swap(ranges_);
    if (placeholder_) res.content_provider_ = nullptr;
    *this = Unframed();
  }

 private:
  // The framework's own request is not const, it only shows it so.
  static ::httplib::Ranges& ranges(const Request& req) { return const_cast<Request&>(req).ranges; }

  bool taken_ = false, placeholder_ = false, chunked_ = false;
  std::string body_;
  std::size_t length_ = 0;
  ::httplib::Ranges ranges_;
};

// The request that this thread serves. A worker serves one connection at a time, each request from start to end.
struct Serving {
  Exchange exchange;
  bool begun = false;
  bool unhandled_exception = false;  // the framework's own answer is to be reproduced
  Unframed unframed;
};
inline Serving& serving() {
  thread_local Serving instance;
  return instance;
}

// The framework adds four headers of its own to those received. A client may send the same names: only one header that
// has exactly the framework's value is left out for each.
inline void tell_headers(Exchange& exchange, const Request& req) {
  std::pair<const char*, std::string> added[] = {{"REMOTE_ADDR", req.remote_addr},
                                                 {"REMOTE_PORT", std::to_string(req.remote_port)},
                                                 {"LOCAL_ADDR", req.local_addr},
                                                 {"LOCAL_PORT", std::to_string(req.local_port)}};
  for (const auto& header : req.headers) {
    bool skip = false;
    for (auto& own : added) {
      if (own.first == nullptr || header.first != own.first || header.second != own.second) continue;
      own.first = nullptr;
      skip = true;
      break;
    }
    if (!skip) exchange.request_header(header.first, header.second);
  }
}

inline void tell_connection(Exchange& exchange, const Request& req) {
  if (!req.remote_addr.empty()) exchange.peer(req.remote_addr, req.remote_port);
  // A Unix socket has no address; its port is then the peer's process.
  if (req.remote_addr.empty() && req.remote_port > 0) exchange.peer("unix", 0);
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
  if (req.ssl != nullptr) {
    const std::string version = SSL_get_version(req.ssl);  // "TLSv1.3"
    const SSL_CIPHER* cipher = SSL_get_current_cipher(req.ssl);
    exchange.tls(version.compare(0, 4, "TLSv") == 0 ? version.substr(4) : version,
                 cipher == nullptr ? "" : SSL_CIPHER_standard_name(cipher));
    exchange.scheme("https");
    return;
  }
#endif
  exchange.scheme("http");
}

inline void begin(LogSDK& sdk, const Request& req) {
  Serving& now = serving();
  now = Serving();
  now.exchange = sdk.begin();
  now.begun = true;
  now.exchange.request_line(req.method, req.target, req.version);
  tell_connection(now.exchange, req);
  tell_headers(now.exchange, req);
}

// True when the body ended before the length that was announced.
inline bool tell_request_body(Exchange& exchange, const Request& req) {
  const unsigned long long announced = std::strtoull(req.get_header_value("Content-Length").c_str(), nullptr, 10);
  if (!req.body.empty()) {
    exchange.request_body(req.body);
    return req.body.size() < announced && !req.has_header("Content-Encoding");
  }
  // Read by the handler itself, or in parts of a form, or not at all.
  if (announced > 0 || req.has_header("Transfer-Encoding")) exchange.request_body_size(announced, BodyKind::kUnseen);
  return false;
}

// The answer of the framework to an exception for which there is no hook.
inline void answer_exception(Response& res, const std::exception_ptr& exception) {
  std::string shown;
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    for (const char* c = error.what(); *c != 0; ++c)
      shown += *c == '\r' ? "\\r" : *c == '\n' ? "\\n" : std::string(1, *c);
  } catch (...) {
    shown = "UNKNOWN";
  }
  res.status = 500;
  res.set_header("EXCEPTION_WHAT", shown);
}

// Shows the exchange what a content provider writes, and ends it when the framework lets go of the response.
inline void tap(Response& res) {
  res.content_provider_ = [provider = std::move(res.content_provider_)](std::size_t offset, std::size_t length,
                                                                        ::httplib::DataSink& sink) {
    const auto write = std::move(sink.write);
    sink.write = [&write](const char* bytes, std::size_t size) {
      const bool written = write(bytes, size);
      serving().exchange.response_body({bytes, size}, BodyKind::kStreamed);
      return written;
    };
    const bool more = provider(offset, length, sink);
    sink.write = write;
    return more;
  };
  res.content_provider_resource_releaser_ = [releaser =
                                                 std::move(res.content_provider_resource_releaser_)](bool success) {
    if (releaser) releaser(success);
    serving().exchange.mark(Mark::kLastByte);
    serving().exchange.finish(success ? Outcome::kComplete : Outcome::kAborted);
  };
}

// The five hooks of ours, each followed by the application's own.
class Hooks {
 public:
  explicit Hooks(LogSDK& sdk) : sdk_(sdk) {}

  Framework::HandlerWithResponse pre_routing, error;
  Framework::Handler post_routing;
  Framework::ExceptionHandler exception;
  ::httplib::Logger logger;

  static void install(Framework& server, const std::shared_ptr<Hooks>& hooks) {
    server.set_pre_routing_handler([hooks](const Request& req, Response& res) { return hooks->on_routing(req, res); });
    server.set_exception_handler([hooks](const Request& req, Response& res, std::exception_ptr thrown) {
      hooks->on_exception(req, res, thrown);
    });
    server.set_error_handler(Framework::HandlerWithResponse(
        [hooks](const Request& req, Response& res) { return hooks->on_error(req, res); }));
    server.set_post_routing_handler([hooks](const Request& req, Response& res) { hooks->on_response(req, res); });
    server.set_logger([hooks](const Request& req, const Response& res) { hooks->on_written(req, res); });
    // Called when the server begins to listen: the first moment at which this is surely the process that serves.
    server.new_task_queue = [hooks, make = std::move(server.new_task_queue)] {
      hooks->sdk_.start();
      return make();
    };
  }

 private:
  HandlerResponse on_routing(const Request& req, Response& res) {
    begin(sdk_, req);
    return pre_routing ? pre_routing(req, res) : HandlerResponse::Unhandled;
  }

  void on_exception(const Request& req, Response& res, const std::exception_ptr& thrown) {
    serving().exchange.exception(thrown);
    if (exception) return exception(req, res, thrown);
    answer_exception(res, thrown);
    serving().unhandled_exception = true;
  }

  HandlerResponse on_error(const Request& req, Response& res) {
    const HandlerResponse answer = error ? error(req, res) : HandlerResponse::Unhandled;
    if (answer == HandlerResponse::Unhandled && serving().unhandled_exception) serving().unframed.take(req, res);
    return answer;
  }

  // Everything is decided, nothing is written.
  void on_response(const Request& req, Response& res) {
    Serving& now = serving();
    if (!now.begun) begin(sdk_, req);  // refused before routing: 400, 414, 416, Expect
    now.unframed.restore(req, res);
    if (post_routing) post_routing(req, res);
    if (streams(req, res)) tap(res);
    now.exchange.mark(Mark::kFirstByte);
  }

  void on_written(const Request& req, const Response& res) {
    if (logger) logger(req, res);
    Serving& now = serving();
    now.begun = false;
    const bool cut = tell_request_body(now.exchange, req) && res.status == 400;
    for (const auto& header : res.headers) now.exchange.response_header(header.first, header.second);
    if (!cut) now.exchange.status(res.status);
    if (streams(req, res)) return;  // ends with the response, see tap()
    if (req.method != "HEAD") now.exchange.response_body(res.body);
    now.exchange.mark(Mark::kLastByte);
    now.exchange.finish(cut ? Outcome::kAborted : Outcome::kComplete);
  }

  static bool streams(const Request& req, const Response& res) {
    return req.method != "HEAD" && res.body.empty() && res.content_provider_;
  }

  LogSDK& sdk_;
};

// What is reproduced here is what 0.11 does. Later versions answer exceptions otherwise, and log before they write.
constexpr bool written_for(const char* version) { return std::string_view(version).substr(0, 5) == "0.11."; }
static_assert(written_for(CPPHTTPLIB_VERSION), "logs_sdk/adapters/httplib.h is written for cpp-httplib 0.11");

}  // namespace detail

// The exchange that the calling thread serves; inert outside of a request.
inline Exchange& current_exchange() noexcept { return detail::serving().exchange; }

// Records every exchange of `server`.
inline void attach(::httplib::Server& server, LogSDK& sdk) {
  detail::Hooks::install(server, std::make_shared<detail::Hooks>(sdk));
}

// A server that records every exchange and keeps the application's hooks. Set them on this type: a reference to Base
// reaches the one place that is taken.
template <typename Base = ::httplib::Server>
class Server : public Base {
 public:
  template <typename... Args>
  explicit Server(LogSDK& sdk, Args&&... args)
      : Base(std::forward<Args>(args)...), hooks_(std::make_shared<detail::Hooks>(sdk)) {
    detail::Hooks::install(*this, hooks_);
  }

  Server& set_pre_routing_handler(typename Base::HandlerWithResponse handler) {
    hooks_->pre_routing = std::move(handler);
    return *this;
  }
  Server& set_post_routing_handler(typename Base::Handler handler) {
    hooks_->post_routing = std::move(handler);
    return *this;
  }
  Server& set_exception_handler(typename Base::ExceptionHandler handler) {
    hooks_->exception = std::move(handler);
    return *this;
  }
  Server& set_logger(::httplib::Logger logger) {
    hooks_->logger = std::move(logger);
    return *this;
  }
  // As in the framework, a handler that returns nothing has always handled the error.
  template <typename Handler>
  Server& set_error_handler(Handler handler) {
    if constexpr (std::is_void_v<std::invoke_result_t<Handler&, const ::httplib::Request&, ::httplib::Response&>>) {
      hooks_->error = [handler = std::move(handler)](const ::httplib::Request& req, ::httplib::Response& res) mutable {
        handler(req, res);
        return Base::HandlerResponse::Handled;
      };
    } else {
      hooks_->error = std::move(handler);
    }
    return *this;
  }

 private:
  std::shared_ptr<detail::Hooks> hooks_;
};

}  // namespace httplib
}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_ADAPTERS_HTTPLIB_H_
