// What the adapter for Boost.Beast keeps of one connection: the requests that have come over it, until they have been
// answered. Included by logs_sdk/adapters/beast.h; nothing here is for applications.
//
// Ownership: shared by the stream and the reads and writes under way on it. Thread-safety: as that of the stream.
#ifndef LOGS_SDK_ADAPTERS_DETAIL_BEAST_RECORDING_H_
#define LOGS_SDK_ADAPTERS_DETAIL_BEAST_RECORDING_H_

#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/buffers_prefix.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "logs_sdk/logs_sdk.h"
#include "logs_sdk/response_tap.h"

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
  // Trailers come this way as well. They are no headers: no proxy has looked at them (RFC 9110, 6.5.1).
  void on_field_impl(http::field, Text name, Text value, ErrorCode&) override {
    if (!is_header_done()) serving_->exchange.request_header(view(name), view(value));
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
    gone_ = gone_ || client_has_gone(error);
    if (client_has_gone(error) && reader_) reader_->serving().exchange.finish(Outcome::kAborted);
  }
  template <typename Buffers>
  void on_written(const Buffers& buffers, ErrorCode error, std::size_t size) noexcept {
    for_each_piece(buffers, size, [this](std::string_view bytes) { sent(bytes); });
    gone_ = gone_ || client_has_gone(error);
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
      if (error) {
        reader_->serving().readable = false;
        deaf_ = true;
      }
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
    if (first && answering_ && tap_.state() != ResponseTap::State::kHead) {
      const Outcome outcome = tap_.outcome_at_end();
      // Unless the client had gone, the application has left its answer unfinished.
      return outcome == Outcome::kAborted && !gone_ ? Outcome::kAbandoned : outcome;
    }
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
  bool gone_ = false;  // the client has
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

}  // namespace detail
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
  static typename Associator<Handler, Candidate>::type get(const Observed& observed) noexcept {
    return Associator<Handler, Candidate>::get(observed.handler);
  }
  static auto get(const Observed& observed, const Candidate& candidate) noexcept
      -> decltype(Associator<Handler, Candidate>::get(observed.handler, candidate)) {
    return Associator<Handler, Candidate>::get(observed.handler, candidate);
  }
};
}  // namespace asio
}  // namespace boost

#endif  // LOGS_SDK_ADAPTERS_DETAIL_BEAST_RECORDING_H_
