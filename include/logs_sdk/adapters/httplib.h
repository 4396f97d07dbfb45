// The adapter for cpp-httplib. Either make your server by another name:
//
//     logs_sdk::httplib::Server<::httplib::Server> server(logs);  // or <::httplib::SSLServer> server(logs, cert, key)
//
// or attach to the one you have:
//
//     logs_sdk::httplib::attach(server, logs);
//
// Hooks and handlers that you set on the server before or after, as long as it does not listen yet, work as without us.
// Within a handler, logs_sdk::current_exchange() is the exchange that it serves: for user, session, tags. `logs`
// outlives the server. What the framework does not show is in docs/adapters.md. Thread-safety: as that of
// ::httplib::Server: set up first, then listen.
#ifndef LOGS_SDK_ADAPTERS_HTTPLIB_H_
#define LOGS_SDK_ADAPTERS_HTTPLIB_H_

#include <httplib.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "logs_sdk/adapters/detail/httplib_places.h"
#include "logs_sdk/current_exchange.h"
#include "logs_sdk/logs_sdk.h"

namespace logs_sdk {
inline namespace v1 {
namespace httplib {
namespace detail {

// The request that this thread serves. A worker serves one connection at a time, each request from start to end.
struct Serving {
  Exchange exchange;
  bool begun = false;
  bool cut = false;           // the request's body ended early
  bool client_gone = false;   // it did not take what was written
  std::size_t body_seen = 0;  // of a body that its handler reads
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

// The length that the request announces. 0: none, or one that is no size of anything.
inline std::uint64_t announced_size(const Request& req) {
  const std::string text = req.get_header_value("Content-Length");
  std::int64_t size = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), size);
  return result.ec == std::errc() && size > 0 ? static_cast<std::uint64_t>(size) : 0;
}

// True when the body ended before the length that was announced.
inline bool tell_request_body(Serving& now, const Request& req) {
  const std::uint64_t announced = announced_size(req);
  if (!req.body.empty()) now.exchange.request_body(req.body);
  const std::size_t seen = req.body.size() + now.body_seen;
  if (seen > 0 && req.has_header("Content-Encoding")) {  // the framework shows what it has decoded
    if (announced > 0) now.exchange.request_body_size(announced, BodyKind::kBuffered);
    return false;
  }
  if (seen > 0) return seen < announced;
  // Read in parts of a form, or not at all.
  if (announced > 0 || req.has_header("Transfer-Encoding")) {
    now.exchange.request_body_size(announced, BodyKind::kUnseen);
  }
  return false;
}

// Shows the exchange what the handler reads.
inline ::httplib::ContentReader tap(const ::httplib::ContentReader& content) {
  const auto read_to_end = [](bool to_end) {
    if (to_end) serving().exchange.mark(Mark::kRequestBodyRead);
    return to_end;
  };
  return {[&content, read_to_end](::httplib::ContentReceiver receive) {
            return read_to_end(content.reader_([receive = std::move(receive)](const char* bytes, std::size_t size) {
              serving().body_seen += size;
              serving().exchange.request_body({bytes, size}, BodyKind::kStreamed);
              return receive(bytes, size);
            }));
          },
          [&content, read_to_end](::httplib::MultipartContentHeader header, ::httplib::ContentReceiver receive) {
            return read_to_end(content.multipart_reader_(std::move(header), std::move(receive)));
          }};
}

// A handler of the application, and what it throws.
template <typename... Content>
struct Watched {
  std::function<void(const Request&, Response&, Content...)> handler;

  void operator()(const Request& req, Response& res, Content... content) const {
    Exchange& exchange = serving().exchange;
    if (!req.body.empty() || !req.files.empty()) exchange.mark(Mark::kRequestBodyRead);
    exchange.mark(Mark::kHandlerStart);
    try {
      handler(req, res, tap(content)...);
    } catch (...) {
      exchange.mark(Mark::kHandlerEnd);
      exchange.exception(std::current_exception());
      throw;
    }
    exchange.mark(Mark::kHandlerEnd);
  }
};
template <typename... Content>
void watch(Routes<std::function<void(const Request&, Response&, Content...)>>& routes) {
  for (auto& route : routes) {
    if (!route.second.template target<Watched<Content...>>()) {
      route.second = Watched<Content...>{std::move(route.second)};
    }
  }
}
template <typename... Places>
void watch_all(Framework& server) {
  (watch(at(Places(), server)), ...);
}

// Shows the exchange what a content provider writes, and ends it when the framework lets go of the response.
inline void tap(Response& res) {
  res.content_provider_ = [provider = std::move(res.content_provider_)](std::size_t offset, std::size_t length,
                                                                        ::httplib::DataSink& sink) {
    const auto write = std::move(sink.write);
    sink.write = [&write](const char* bytes, std::size_t size) {
      const bool written = write(bytes, size);
      if (!written) serving().client_gone = true;
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
    // Unless the client had gone, the provider itself has given up.
    finish(success ? Outcome::kComplete : serving().client_gone ? Outcome::kAborted : Outcome::kAbandoned);
  };
}

// Our hooks, each followed by the application's own.
class Hooks : public std::enable_shared_from_this<Hooks> {
 public:
  explicit Hooks(LogSDK& sdk) : sdk_(sdk) {}

  void install(Framework& server) {
    const auto self = shared_from_this();
    chain<PreRouting>(server, pre_routing_, [self](auto& req, auto& res) { return self->on_routing(req, res); });
    chain<PostRouting>(server, post_routing_, [self](auto& req, auto& res) { self->on_response(req, res); });
    chain<Log>(server, log_, [self](auto& req, auto& res) { self->on_written(req, res); });
    watch_all<Get, Post, Put, Patch, Delete, Options, PostReader, PutReader, PatchReader, DeleteReader>(server);
  }

  // The server begins to listen: the first moment at which this is surely the process that serves, and the last at
  // which hooks and handlers can be set.
  void on_listen(Framework& server) {
    install(server);
    sdk_.start();
  }

 private:
  // Puts `ours` into a place and what was there into `theirs`; nothing when ours is there already.
  template <typename Place, typename Ours>
  static void chain(Framework& server, typename Place::Type& theirs, Ours ours) {
    typename Place::Type& hook = at(Place(), server);
    if (hook.template target<Ours>()) return;
    theirs = std::move(hook);
    hook = std::move(ours);
  }

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
    if (!pre_routing_) return HandlerResponse::Unhandled;
    try {
      return pre_routing_(req, res);
    } catch (...) {
      serving().exchange.exception(std::current_exception());
      throw;
    }
  }

  // Everything is decided, nothing is written.
  void on_response(const Request& req, Response& res) {
    Serving& now = serving();
    if (!now.begun) begin(req);  // refused before routing: 400, 414, 416, Expect
    if (post_routing_) post_routing_(req, res);
    now.cut = tell_request_body(now, req) && res.status == 400;
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
  Framework::HandlerWithResponse pre_routing_;
  Framework::Handler post_routing_;
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

// Records every exchange of `server`. A new_task_queue that you set afterwards replaces ours: hooks and handlers that
// you set afterwards are then not seen by us.
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
