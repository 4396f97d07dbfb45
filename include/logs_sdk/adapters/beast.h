// The adapter for Boost.Beast. Give your stream another type:
//
//     logs_sdk::beast::Stream<boost::beast::tcp_stream> stream(logs, std::move(socket));
//     // in place of:         boost::beast::tcp_stream stream(std::move(socket));
//
// with tcp_stream, ssl_stream<tcp_stream>, a plain socket, or whatever you read requests from. It is that stream still:
// a base class, so that timeouts, handshakes and layers are where they were. Every request that is read from it and
// every response that is written to it is recorded: coroutines, callbacks or blocking calls, any body, chunks written
// by hand, pipelining, upgrades.
//
// A stream does not see what a handler throws. Have it called by handle(), which tells its exception and lets it go on,
// measures it, and hands it a request that knows its exchange:
//
//     auto response = logs_sdk::beast::handle(stream, std::move(request), answer);           // a function
//     auto response = co_await logs_sdk::beast::handle(stream, std::move(request), answer);  // a coroutine
//
// Within it, exchange_of(request) is the running exchange, whichever thread the coroutine goes on in; `answer` takes a
// Request<Body> for that, or anything that http::request<Body> converts to. exchange_of(stream) is the same for code
// that has the stream.
//
// An entry is made when the last byte of the response has been written: a client that had gone before is told from one
// that was answered. `logs` outlives the streams. What cannot be seen is in docs/adapters.md.
// Thread-safety: as that of the stream beneath: one thread, or one strand, at a time.
#ifndef LOGS_SDK_ADAPTERS_BEAST_H_
#define LOGS_SDK_ADAPTERS_BEAST_H_

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/buffers_prefix.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <boost/throw_exception.hpp>
#include <boost/version.hpp>
#ifdef BOOST_ASIO_HAS_CO_AWAIT
#include <boost/asio/awaitable.hpp>
#endif
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "logs_sdk/current_exchange.h"
#include "logs_sdk/logs_sdk.h"
#include "logs_sdk/response_tap.h"

static_assert(BOOST_VERSION >= 108100, "logs_sdk/adapters/beast.h is written for Boost 1.81 and later");

namespace logs_sdk {
inline namespace v1 {
namespace beast {
namespace detail {

namespace asio = ::boost::asio;
namespace http = ::boost::beast::http;
using ErrorCode = ::boost::system::error_code;

template <typename Text>
std::string_view view(const Text& text) noexcept {
  return {text.data(), text.size()};
}

// A request that has begun to come and has not been answered to the end.
struct Serving {
  Exchange exchange;
  std::string method;
  bool readable = true;  // false: no parser takes it for a request
  bool whole = false;    // it has come to its end
  bool upgrade = false;  // it asks for another protocol
  bool handled = false;  // handle() has called the application
};

// Beast's own parser, so that what it takes for a request is what the application's parser takes for one; limits are
// the application's.
class RequestReader final : public http::basic_parser<true> {
 public:
  static constexpr std::uint32_t kMaxHeadBytes = 1 << 20;

  explicit RequestReader(std::shared_ptr<Serving> serving) : serving_(std::move(serving)) {
    eager(true);
    header_limit(kMaxHeadBytes);
    body_limit(::boost::none);
  }
  Serving& serving() noexcept { return *serving_; }

 private:
  using Text = ::boost::beast::string_view;

  void on_request_impl(http::verb, Text method, Text target, int version, ErrorCode&) override {
    serving_->method = std::string(view(method));
    serving_->exchange.request_line(view(method), view(target), version == 10 ? "HTTP/1.0" : "HTTP/1.1");
  }
  void on_response_impl(int, Text, int, ErrorCode&) override {}
  void on_field_impl(http::field, Text name, Text value, ErrorCode&) override {
    serving_->exchange.request_header(view(name), view(value));
  }
  void on_header_impl(ErrorCode&) override { serving_->upgrade = upgrade(); }
  void on_body_init_impl(const ::boost::optional<std::uint64_t>&, ErrorCode&) override { has_body_ = true; }
  std::size_t on_body_impl(Text body, ErrorCode&) override { return tell(body, BodyKind::kBuffered); }
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) override {
    return tell(body, BodyKind::kStreamed);
  }
  void on_finish_impl(ErrorCode&) override {
    serving_->whole = true;
    if (has_body_) serving_->exchange.mark(Mark::kRequestBodyRead);
  }
  std::size_t tell(Text body, BodyKind kind) noexcept {
    serving_->exchange.request_body(view(body), kind);
    return body.size();
  }

  std::shared_ptr<Serving> serving_;
  bool has_body_ = false;
};

// What every exchange of a connection is told.
struct Peer {
  std::string address;
  int port = 0;
  bool secure = false;
  std::string tls_version, tls_cipher;
};

template <typename T, typename = void>
struct has_socket : std::false_type {};
template <typename T>
struct has_socket<T, std::void_t<decltype(std::declval<T&>().socket())>> : std::true_type {};
template <typename T, typename = void>
struct has_remote_endpoint : std::false_type {};
template <typename T>
struct has_remote_endpoint<T, std::void_t<decltype(std::declval<T&>().remote_endpoint())>> : std::true_type {};
template <typename T, typename = void>
struct has_address : std::false_type {};
template <typename T>
struct has_address<T, std::void_t<decltype(std::declval<T&>().address())>> : std::true_type {};
template <typename T, typename = void>
struct has_tls_handle : std::false_type {};
template <typename T>
struct has_tls_handle<T, std::void_t<decltype(std::declval<T&>().native_handle())>>
    : std::is_pointer<decltype(std::declval<T&>().native_handle())> {};

template <typename Socket>
void look_at_socket(Peer& peer, Socket& socket) {
  if constexpr (has_socket<Socket>::value) {
    look_at_socket(peer, socket.socket());
  } else if constexpr (has_remote_endpoint<Socket>::value) {
    ErrorCode error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return;
    if constexpr (has_address<const decltype(endpoint)>::value) {
      peer.address = endpoint.address().to_string();
      peer.port = endpoint.port();
    } else {
      peer.address = "unix";
    }
  }
}

// A template, so that OpenSSL's functions are looked up where a secure stream is used, and are not needed elsewhere.
template <typename Ssl>
void look_at_tls(Peer& peer, Ssl* ssl) {
  const std::string version = SSL_get_version(ssl);  // "TLSv1.3"
  const auto* cipher = SSL_get_current_cipher(ssl);
  peer.secure = true;
  peer.tls_version = version.compare(0, 4, "TLSv") == 0 ? version.substr(4) : version;
  peer.tls_cipher = cipher == nullptr ? "" : SSL_CIPHER_standard_name(cipher);
}

// What passes over one connection, as exchanges. Requests are answered in the order in which they came (RFC 9112, 9.3).
class Recording {
 public:
  explicit Recording(LogSDK& logs) : logs_(logs) {}
  ~Recording() { close(); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Before reading: there is a peer then, and after its handshake a cipher.
  template <typename Next>
  void look_at(Next& next) {
    if (peer_) return;
    peer_.emplace();
    look_at_socket(*peer_, ::boost::beast::get_lowest_layer(next));
    if constexpr (has_tls_handle<Next>::value) look_at_tls(*peer_, next.native_handle());
  }

  template <typename Buffers>
  void on_read(const Buffers& buffers, ErrorCode error, std::size_t size) noexcept {
    for_each_piece(buffers, size, [this](std::string_view bytes) { received(bytes); });
    if (client_has_gone(error) && reader_) reader_->serving().exchange.finish(Outcome::kAborted);
  }
  template <typename Buffers>
  void on_written(const Buffers& buffers, ErrorCode error, std::size_t size) noexcept {
    for_each_piece(buffers, size, [this](std::string_view bytes) { sent(bytes); });
    if (client_has_gone(error) && !waiting_.empty()) waiting_.front()->exchange.finish(Outcome::kAborted);
  }

  // The connection is no longer the stream's: it has ended, or somebody else goes on with it.
  void close() noexcept {
    over_ = true;
    for (std::size_t i = 0; i < waiting_.size(); ++i) waiting_[i]->exchange.finish(outcome_of(*waiting_[i], i == 0));
    waiting_.clear();
  }

  // The oldest request that has not been answered.
  Exchange& running() noexcept { return waiting_.empty() ? none_ : waiting_.front()->exchange; }

  // The oldest request that the application has not handled, which it does now.
  std::shared_ptr<Serving> handling() {
    for (const auto& serving : waiting_) {
      if (serving->handled || serving->method.empty()) continue;
      serving->handled = true;
      return serving;
    }
    return std::make_shared<Serving>();
  }

 private:
  // Requests that were sent ahead wait as bytes while so many wait as exchanges, of which each takes some kilobytes: as
  // many as a client may send in one packet are no attack on memory. More bytes than that are those of an application
  // that reads and never answers.
  static constexpr std::size_t kMaxWaiting = 16;
  static constexpr std::size_t kMaxUnreadBytes = 4 << 20;

  // Cancelled or not ready is no end: the application may go on.
  static bool client_has_gone(ErrorCode error) noexcept {
    return error && error != asio::error::operation_aborted && error != asio::error::would_block &&
           error != asio::error::try_again;
  }

  template <typename Buffers, typename Take>
  static void for_each_piece(const Buffers& buffers, std::size_t size, Take take) noexcept {
    if (size == 0) return;
    const auto filled = ::boost::beast::buffers_prefix(size, buffers);
    for (const asio::const_buffer piece : ::boost::beast::buffers_range_ref(filled))
      take({static_cast<const char*>(piece.data()), piece.size()});
  }

  void received(std::string_view bytes) noexcept {
    if (over_ || deaf_) return;
    try {
      if (!unread_.empty()) unread_.append(bytes);
      const std::string_view all = unread_.empty() ? bytes : std::string_view(unread_);
      const std::size_t read = parse(all);
      unread_ = read < all.size() ? std::string(all.substr(read)) : std::string();
      if (unread_.size() > kMaxUnreadBytes) deaf_ = true;
    } catch (...) {
      deaf_ = true;
    }
  }

  std::size_t parse(std::string_view bytes) {
    std::size_t read = 0;
    while (read < bytes.size() && !deaf_) {
      if (!reader_ && waiting_.size() == kMaxWaiting) break;
      if (!reader_) begin();
      ErrorCode error;
      read += reader_->put(asio::const_buffer(bytes.data() + read, bytes.size() - read), error);
      if (error == http::error::need_more) break;
      if (error) reader_->serving().readable = false, deaf_ = true;
      if (reader_->is_done()) reader_.reset();
    }
    return read;
  }

  void begin() {
    auto serving = std::make_shared<Serving>();
    serving->exchange = logs_.begin();
    serving->exchange.scheme(peer_->secure ? "https" : "http");
    if (!peer_->address.empty()) serving->exchange.peer(peer_->address, peer_->port);
    if (peer_->secure) serving->exchange.tls(peer_->tls_version, peer_->tls_cipher);
    waiting_.push_back(serving);
    reader_.emplace(std::move(serving));
  }

  void sent(std::string_view bytes) noexcept {
    while (!bytes.empty() && !over_ && !waiting_.empty()) {
      Serving& first = *waiting_.front();
      if (!answering_) tap_.begin(first.method);
      answering_ = true;
      bytes.remove_prefix(tap_.write(first.exchange, bytes));
      if (tap_.state() == ResponseTap::State::kDone) {
        first.exchange.finish(Outcome::kComplete);
        waiting_.pop_front();
        answering_ = false;
        if (!unread_.empty()) received({});
      } else if (tap_.state() == ResponseTap::State::kUpgraded || tap_.state() == ResponseTap::State::kLost) {
        close();
      }
    }
  }

  Outcome outcome_of(const Serving& serving, bool first) const noexcept {
    if (first && answering_ && tap_.state() != ResponseTap::State::kHead) return tap_.outcome_at_end();
    if (!serving.readable) return Outcome::kRejected;
    if (!serving.whole) return Outcome::kAborted;
    return serving.upgrade ? Outcome::kUpgraded : Outcome::kAbandoned;
  }

  LogSDK& logs_;
  std::optional<Peer> peer_;
  std::deque<std::shared_ptr<Serving>> waiting_;  // in the order of their answers
  std::optional<RequestReader> reader_;           // of the last of them, until it is whole
  std::string unread_;                            // what has been received and not parsed
  ResponseTap tap_;
  bool answering_ = false;  // the tap has begun with the first of them
  bool deaf_ = false;       // what is received cannot be read as requests any more
  bool over_ = false;
  Exchange none_;
};

// The handler of one read or write: it tells what has passed, and goes on with the caller's.
template <typename Handler, typename Buffers, bool kRead>
struct Observed {
  Handler handler;
  Buffers buffers;
  std::shared_ptr<Recording> recording;

  void operator()(ErrorCode error, std::size_t size) {
    if constexpr (kRead)
      recording->on_read(buffers, error, size);
    else
      recording->on_written(buffers, error, size);
    std::move(handler)(error, size);
  }
};

// The application is at work on a request.
class Handling {
 public:
  explicit Handling(Exchange& exchange) noexcept : exchange_(exchange) { exchange_.mark(Mark::kHandlerStart); }
  ~Handling() { exchange_.mark(Mark::kHandlerEnd); }
  Handling(const Handling&) = delete;
  Handling& operator=(const Handling&) = delete;

 private:
  Exchange& exchange_;
};

}  // namespace detail

// A request on its way through the application, with its exchange.
template <typename Body, typename Fields = ::boost::beast::http::fields>
class Request : public ::boost::beast::http::request<Body, Fields> {
 public:
  using Message = ::boost::beast::http::request<Body, Fields>;

  Request(Message&& given, std::shared_ptr<detail::Serving> serving)
      : Message(std::move(given)), serving_(std::move(serving)) {}

 private:
  friend Exchange& exchange_of(const Request& request) noexcept { return request.serving_->exchange; }

  std::shared_ptr<detail::Serving> serving_;
};

// `Next`, recorded.
template <typename Next>
class Stream : public Next {
 public:
  using typename Next::executor_type;

  // `arguments` are those of `Next`.
  template <typename... Arguments>
  explicit Stream(LogSDK& logs, Arguments&&... arguments)
      : Next(std::forward<Arguments>(arguments)...), recording_(std::make_shared<detail::Recording>(logs)) {
    logs.start();
  }
  Stream(Stream&&) = default;
  Stream& operator=(Stream&&) = delete;
  ~Stream() {
    if (recording_) recording_->close();
  }

  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers, detail::ErrorCode& error) {
    recording_->look_at(next());
    const std::size_t size = next().read_some(buffers, error);
    recording_->on_read(buffers, error, size);
    return size;
  }
  template <typename Buffers>
  std::size_t read_some(const Buffers& buffers) {
    detail::ErrorCode error;
    const std::size_t size = read_some(buffers, error);
    if (error) ::boost::throw_exception(::boost::system::system_error(error));
    return size;
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers, detail::ErrorCode& error) {
    const std::size_t size = next().write_some(buffers, error);
    recording_->on_written(buffers, error, size);
    return size;
  }
  template <typename Buffers>
  std::size_t write_some(const Buffers& buffers) {
    detail::ErrorCode error;
    const std::size_t size = write_some(buffers, error);
    if (error) ::boost::throw_exception(::boost::system::system_error(error));
    return size;
  }

  template <typename Buffers, typename Token = ::boost::asio::default_completion_token_t<executor_type>>
  auto async_read_some(const Buffers& buffers,
                       Token&& token = ::boost::asio::default_completion_token_t<executor_type>()) {
    recording_->look_at(next());
    return ::boost::asio::async_initiate<Token, void(detail::ErrorCode, std::size_t)>(
        [this, buffers](auto&& handler) {
          next().async_read_some(buffers, observed<true>(std::forward<decltype(handler)>(handler), buffers));
        },
        token);
  }
  template <typename Buffers, typename Token = ::boost::asio::default_completion_token_t<executor_type>>
  auto async_write_some(const Buffers& buffers,
                        Token&& token = ::boost::asio::default_completion_token_t<executor_type>()) {
    return ::boost::asio::async_initiate<Token, void(detail::ErrorCode, std::size_t)>(
        [this, buffers](auto&& handler) {
          next().async_write_some(buffers, observed<false>(std::forward<decltype(handler)>(handler), buffers));
        },
        token);
  }

  // As of the stream beneath. Whoever takes the socket goes on with it: a request to upgrade has succeeded.
  auto release_socket() {
    recording_->close();
    return next().release_socket();
  }

  friend Exchange& exchange_of(Stream& stream) noexcept { return stream.recording_->running(); }

  // A WebSocket on top of this stream ends as one on top of `Next`.
  friend void teardown(::boost::beast::role_type role, Stream& stream, detail::ErrorCode& error) {
    using ::boost::beast::websocket::teardown;
    teardown(role, stream.next(), error);
  }
  template <typename Handler>
  friend void async_teardown(::boost::beast::role_type role, Stream& stream, Handler&& handler) {
    using ::boost::beast::websocket::async_teardown;
    async_teardown(role, stream.next(), std::forward<Handler>(handler));
  }

 private:
  template <typename Base, typename Message, typename Handler>
  friend auto handle(Stream<Base>& stream, Message&& request, Handler&& handler);

  Next& next() noexcept { return *this; }
  template <bool kRead, typename Handler, typename Buffers>
  auto observed(Handler&& handler, const Buffers& buffers) {
    return detail::Observed<std::decay_t<Handler>, Buffers, kRead>{std::forward<Handler>(handler), buffers, recording_};
  }

  std::shared_ptr<detail::Recording> recording_;
};

namespace detail {

// A request that is given away learns its exchange; one that the caller keeps stays what it is.
template <typename Body, typename Fields>
auto with_exchange(http::request<Body, Fields>&& request, const std::shared_ptr<Serving>& serving) {
  return Request<Body, Fields>(std::move(request), serving);
}
template <typename Message>
Message& with_exchange(Message& request, const std::shared_ptr<Serving>&) noexcept {
  return request;
}

template <typename Work>
auto observe(Exchange& exchange, Work work) {
  const CurrentExchangeScope current(exchange);
  const Handling handling(exchange);
  try {
    return work();
  } catch (...) {
    exchange.exception(std::current_exception());
    throw;
  }
}

#ifdef BOOST_ASIO_HAS_CO_AWAIT
template <typename Result>
struct is_awaitable : std::false_type {};
template <typename Result, typename Executor>
struct is_awaitable<asio::awaitable<Result, Executor>> : std::true_type {};

// The coroutine of `handler` may go on in other threads, in which nothing is current.
template <typename Awaitable, typename Message, typename Handler>
Awaitable await_handler(std::shared_ptr<Serving> serving, Message request, Handler handler) {
  const Handling handling(serving->exchange);
  try {
    co_return co_await handler(std::forward<Message>(request));
  } catch (...) {
    serving->exchange.exception(std::current_exception());
    throw;
  }
}
#endif

}  // namespace detail

// Calls handler(request) for the request that was read from `stream`, and returns what it returns: a response, nothing,
// or an awaitable of either, which is awaited in place. Requests are handled in the order in which they were read.
template <typename Base, typename Message, typename Handler>
auto handle(Stream<Base>& stream, Message&& request, Handler&& handler) {
  const std::shared_ptr<detail::Serving> serving = stream.recording_->handling();
  using Given = decltype(detail::with_exchange(std::forward<Message>(request), serving));
  using Result = std::invoke_result_t<Handler&, Given>;
#ifdef BOOST_ASIO_HAS_CO_AWAIT
  if constexpr (detail::is_awaitable<Result>::value)
    return detail::await_handler<Result, Given, std::decay_t<Handler>>(
        serving, detail::with_exchange(std::forward<Message>(request), serving), std::forward<Handler>(handler));
  else
#endif
    return detail::observe(serving->exchange, [&]() -> Result {
      return handler(detail::with_exchange(std::forward<Message>(request), serving));
    });
}

}  // namespace beast
}  // namespace v1
}  // namespace logs_sdk

// Executor, allocator and cancellation are those of the caller's handler.
namespace boost {
namespace asio {
template <template <typename, typename> class Associator, typename Handler, typename Buffers, bool kRead,
          typename Candidate>
struct associator<Associator, ::logs_sdk::beast::detail::Observed<Handler, Buffers, kRead>, Candidate>
    : Associator<Handler, Candidate> {
  using Observed = ::logs_sdk::beast::detail::Observed<Handler, Buffers, kRead>;
  static auto get(const Observed& observed) noexcept
      -> decltype(Associator<Handler, Candidate>::get(observed.handler)) {
    return Associator<Handler, Candidate>::get(observed.handler);
  }
  static auto get(const Observed& observed, const Candidate& candidate) noexcept
      -> decltype(Associator<Handler, Candidate>::get(observed.handler, candidate)) {
    return Associator<Handler, Candidate>::get(observed.handler, candidate);
  }
};
}  // namespace asio
}  // namespace boost

#endif  // LOGS_SDK_ADAPTERS_BEAST_H_
