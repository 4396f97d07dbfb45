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

#include <boost/asio/async_result.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <boost/throw_exception.hpp>
#include <boost/version.hpp>
#ifdef BOOST_ASIO_HAS_CO_AWAIT
#include <boost/asio/awaitable.hpp>
#endif
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "logs_sdk/adapters/detail/beast_recording.h"
#include "logs_sdk/current_exchange.h"
#include "logs_sdk/logs_sdk.h"

static_assert(BOOST_VERSION >= 108100, "logs_sdk/adapters/beast.h is written for Boost 1.81 and later");

namespace logs_sdk {
inline namespace v1 {
namespace beast {
namespace detail {

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
  try {
    const Handling handling(exchange);
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
  try {
    const Handling handling(serving->exchange);
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

#endif  // LOGS_SDK_ADAPTERS_BEAST_H_
