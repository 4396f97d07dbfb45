// The adapter for cpp-httplib. Either make your server by another name:
//
//     logs_sdk::httplib::Server<::httplib::Server> server(logs);  // or <::httplib::SSLServer> server(logs, cert, key)
//
// or attach to the one you have:
//
//     logs_sdk::httplib::attach(server, logs);
//
// Hooks that you set on the server before or after, as long as it does not listen yet, work as without us. Within a
// handler, logs_sdk::current_exchange() is the exchange that it serves: for user, session, tags. `logs` outlives the
// server. What the framework does not show is in docs/adapters.md. Thread-safety: as that of ::httplib::Server: set up
// first, then listen.
#ifndef LOGS_SDK_ADAPTERS_HTTPLIB_H_
#define LOGS_SDK_ADAPTERS_HTTPLIB_H_

#include <httplib.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "logs_sdk/current_exchange.h"
#include "logs_sdk/logs_sdk.h"

namespace logs_sdk {
inline namespace v1 {
namespace httplib {
namespace detail {

using Request = ::httplib::Request;
using Response = ::httplib::Response;
using Framework = ::httplib::Server;
using HandlerResponse = Framework::HandlerResponse;

// What is relied on here is what 0.11 does. Later versions answer exceptions otherwise, and log before they write.
constexpr bool written_for(const char* version) { return std::string_view(version).substr(0, 5) == "0.11."; }
static_assert(written_for(CPPHTTPLIB_VERSION), "logs_sdk/adapters/httplib.h is written for cpp-httplib 0.11");

// The framework has one place for each hook and no way to read it. So that ours and the application's can both be
// there, the places are reached by name, as an explicit instantiation may.
template <typename Place, typename Place::Hook Framework::*Member>
struct Reach {
  friend typename Place::Hook& hook_at(Place, Framework& server) { return server.*Member; }
};
#define LOGS_SDK_HTTPLIB_PLACE(Place, Type, member) \
  struct Place {                                    \
    using Hook = Type;                              \
    friend Hook& hook_at(Place, Framework& server); \
  };                                                \
  template struct Reach<Place, &Framework::member>
LOGS_SDK_HTTPLIB_PLACE(PreRouting, Framework::HandlerWithResponse, pre_routing_handler_);
LOGS_SDK_HTTPLIB_PLACE(Error, Framework::HandlerWithResponse, error_handler_);
LOGS_SDK_HTTPLIB_PLACE(PostRouting, Framework::Handler, post_routing_handler_);
LOGS_SDK_HTTPLIB_PLACE(Exception, Framework::ExceptionHandler, exception_handler_);
LOGS_SDK_HTTPLIB_PLACE(Log, ::httplib::Logger, logger_);
#undef LOGS_SDK_HTTPLIB_PLACE

// Puts `ours` into a place and what was there into `theirs`; nothing when ours is there already.
template <typename Place, typename Ours>
void chain(Framework& server, typename Place::Hook& theirs, Ours ours) {
  typename Place::Hook& hook = hook_at(Place(), server);
  if (hook.target_type() == typeid(Ours)) return;
  theirs = std::move(hook);
  hook = std::move(ours);
}

// What the framework looks at when it frames an answer. With an exception hook in place it treats what a handler left
// before it threw as a proper answer: it adds Content-Length, applies ranges, compresses; without one it does not. So
// that the client receives the same bytes, all this is put aside in the meantime.
struct Framing {
  std::string body;
  std::size_t length = 0;
  bool chunked = false;
  ::httplib::ContentProvider provider;
  ::httplib::Ranges ranges;

  void swap(const Request& req, Response& res) {
    body.swap(res.body);
    std::swap(length, res.content_length_);
    std::swap(chunked, res.is_chunked_content_provider_);
    provider.swap(res.content_provider_);
    ranges.swap(const_cast<Request&>(req).ranges);  // the framework's own request is not const, it only shows it so
  }
};

// The request that this thread serves. A worker serves one connection at a time, each request from start to end.
struct Serving {
  Exchange exchange;
  bool begun = false;
  bool cut = false;                // the request's body ended early
  bool framework_answers = false;  // an exception, as if there was no hook
  Framing aside;
};
inline Serving& serving() {
  thread_local Serving instance;
  return instance;
}

inline void finish(Outcome outcome) {
  serving().exchange.mark(Mark::kLastByte);
  serving().exchange.finish(outcome);
  set_current_exchange(nullptr);
}

// The framework adds four headers of its own to those received. A client may send the same names: only one header that
// has exactly the framework's value is left out for each.
inline void tell_headers(Exchange& exchange, const Request& req) {
  std::pair<const char*, std::string> added[] = {{"REMOTE_ADDR", req.remote_addr},
                                                 {"REMOTE_PORT", std::to_string(req.remote_port)},
                                                 {"LOCAL_ADDR", req.local_addr},
                                                 {"LOCAL_PORT", std::to_string(req.local_port)}};
  for (const auto& [name, value] : req.headers) {
    bool skip = false;
    for (auto& own : added) {
      if (own.first == nullptr || name != own.first || value != own.second) continue;
      own.first = nullptr;
      skip = true;
      break;
    }
    if (!skip) exchange.request_header(name, value);
  }
}

inline void tell_connection(Exchange& exchange, const Request& req) {
  if (!req.remote_addr.empty()) exchange.peer(req.remote_addr, req.remote_port);
  // A Unix socket has no address; its port is then the peer's process.
  if (req.remote_addr.empty() && req.remote_port > 0) exchange.peer("unix", 0);
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
  if (req.ssl != nullptr) {
    const std::string_view version = SSL_get_version(req.ssl);  // "TLSv1.3"
    const SSL_CIPHER* cipher = SSL_get_current_cipher(req.ssl);
    exchange.tls(version.substr(version.substr(0, 4) == "TLSv" ? 4 : 0), SSL_CIPHER_standard_name(cipher));
    return exchange.scheme("https");
  }
#endif
  exchange.scheme("http");
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
    try {
      const bool more = provider(offset, length, sink);
      sink.write = write;
      return more;
    } catch (...) {  // nobody catches it above: the process is about to end
      serving().exchange.exception(std::current_exception());
      finish(Outcome::kAborted);
      throw;
    }
  };
  res.content_provider_resource_releaser_ = [releaser =
                                                 std::move(res.content_provider_resource_releaser_)](bool success) {
    if (releaser) releaser(success);
    finish(success ? Outcome::kComplete : Outcome::kAborted);
  };
}

// Our hooks, each followed by the application's own.
class Hooks : public std::enable_shared_from_this<Hooks> {
 public:
  explicit Hooks(LogSDK& sdk) : sdk_(sdk) {}

  void install(Framework& server) {
    const auto self = shared_from_this();
    chain<PreRouting>(server, pre_routing_, [self](auto& req, auto& res) { return self->on_routing(req, res); });
    chain<Exception>(server, exception_, [self](auto& req, auto& res, auto e) { self->on_exception(req, res, e); });
    chain<Error>(server, error_, [self](auto& req, auto& res) { return self->on_error(req, res); });
    chain<PostRouting>(server, post_routing_, [self](auto& req, auto& res) { self->on_response(req, res); });
    chain<Log>(server, log_, [self](auto& req, auto& res) { self->on_written(req, res); });
  }

  // The server begins to listen: the first moment at which this is surely the process that serves, and the last at
  // which hooks can be set.
  void on_listen(Framework& server) {
    install(server);
    sdk_.start();
  }

 private:
  void begin(const Request& req) {
    Serving& now = serving();
    now = Serving();
    now.exchange = sdk_.begin();
    now.begun = true;
    set_current_exchange(&now.exchange);
    now.exchange.request_line(req.method, req.target, req.version);
    tell_connection(now.exchange, req);
    tell_headers(now.exchange, req);
  }

  HandlerResponse on_routing(const Request& req, Response& res) {
    begin(req);
    return pre_routing_ ? pre_routing_(req, res) : HandlerResponse::Unhandled;
  }

  void on_exception(const Request& req, Response& res, const std::exception_ptr& thrown) {
    serving().exchange.exception(thrown);
    if (exception_) return exception_(req, res, thrown);
    answer_exception(res, thrown);
    serving().framework_answers = true;
  }

  HandlerResponse on_error(const Request& req, Response& res) {
    const HandlerResponse answer = error_ ? error_(req, res) : HandlerResponse::Unhandled;
    Serving& now = serving();
    if (answer == HandlerResponse::Handled) now.framework_answers = false;
    if (!now.framework_answers) return answer;
    // Something in the place of what there is, for the headers that tell whether there is anything.
    if (!res.body.empty() || res.content_provider_) now.aside.provider = [](auto, auto, auto&) { return false; };
    now.aside.swap(req, res);
    return answer;
  }

  // Everything is decided, nothing is written.
  void on_response(const Request& req, Response& res) {
    Serving& now = serving();
    if (!now.begun) begin(req);  // refused before routing: 400, 414, 416, Expect
    if (now.framework_answers) now.aside.swap(req, res);
    if (post_routing_) post_routing_(req, res);
    now.cut = tell_request_body(now.exchange, req) && res.status == 400;
    if (!now.cut) now.exchange.status(res.status);
    for (const auto& [name, value] : res.headers) now.exchange.response_header(name, value);
    if (streams(req, res)) tap(res);
    now.exchange.mark(Mark::kFirstByte);
  }

  void on_written(const Request& req, const Response& res) {
    if (log_) log_(req, res);
    Serving& now = serving();
    now.begun = false;
    if (streams(req, res)) return;  // ends with the response, see tap()
    if (req.method != "HEAD") now.exchange.response_body(res.body);
    finish(now.cut ? Outcome::kAborted : Outcome::kComplete);
  }

  static bool streams(const Request& req, const Response& res) {
    return req.method != "HEAD" && res.body.empty() && res.content_provider_;
  }

  LogSDK& sdk_;
  Framework::HandlerWithResponse pre_routing_, error_;
  Framework::Handler post_routing_;
  Framework::ExceptionHandler exception_;
  ::httplib::Logger log_;
};

inline std::shared_ptr<Hooks> hook_into(Framework& server, LogSDK& sdk) {
  const auto hooks = std::make_shared<Hooks>(sdk);
  hooks->install(server);
  server.new_task_queue = [hooks, &server, make = std::move(server.new_task_queue)] {
    hooks->on_listen(server);
    return make();
  };
  return hooks;
}

}  // namespace detail

using v1::current_exchange;

// Records every exchange of `server`. A new_task_queue that you set afterwards replaces ours: hooks that you set
// afterwards then do so as well.
inline void attach(::httplib::Server& server, LogSDK& sdk) { detail::hook_into(server, sdk); }

// A server that records every exchange.
template <typename Base = ::httplib::Server>
class Server : public Base {
 public:
  template <typename... Args>
  explicit Server(LogSDK& sdk, Args&&... args)
      : Base(std::forward<Args>(args)...), hooks_(detail::hook_into(*this, sdk)) {}

  bool listen(const std::string& host, int port, int socket_flags = 0) {
    hooks_->on_listen(*this);
    return Base::listen(host, port, socket_flags);
  }
  bool listen_after_bind() {
    hooks_->on_listen(*this);
    return Base::listen_after_bind();
  }

 private:
  const std::shared_ptr<detail::Hooks> hooks_;
};

}  // namespace httplib
}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_ADAPTERS_HTTPLIB_H_
