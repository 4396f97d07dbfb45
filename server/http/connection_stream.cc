// The part of Connection that sends streamed answers.
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

#include "server/http/connection.h"

namespace logs_server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

auto token(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// RFC 9112 7.1.
std::string chunk_head(std::size_t size_bytes) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size_bytes, 16).ptr;
  return std::string(digits.data(), end).append(kLineEnd);
}

}  // namespace

// True when the body came to its end and all of it was sent.
asio::awaitable<bool> Connection::write_stream(std::shared_ptr<BodyStream> body, Framing framing) {
  const bool chunked = framing == Framing::kChunked;
  auto waker = std::make_shared<asio::steady_timer>(stream_.get_executor(), asio::steady_timer::time_point::max());
  // Cancelled on the strand: between a look into the stream and the wait that follows it, nothing can come.
  body->attach([weak = std::weak_ptr(waker), executor = stream_.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto timer = weak.lock()) timer->cancel();
    });
  });
  streaming_ = body;
  if (context_.draining || retiring_) body->drain();
  watch_for_end();
  error_code error;
  BodyStream::Taken piece;
  while (!error && !piece.is_last) {
    piece = co_await next_piece(*body, *waker);
    const std::string head = chunked && !piece.bytes.empty() ? chunk_head(piece.bytes.size()) : "";
    const std::string_view end = head.empty() ? std::string_view() : kLineEnd;
    const std::array<asio::const_buffer, 4> parts{asio::buffer(head), asio::buffer(piece.bytes), asio::buffer(end),
                                                  asio::buffer(chunked && piece.is_last ? kLastChunk : "")};
    stream_.expires_after(context_.options.send_timeout);
    co_await asio::async_write(stream_, parts, token(error));
  }
  streaming_.reset();
  body->close();
  error_code ignored;
  stream_.socket().cancel(ignored);  // the watch
  co_return !error;
}

asio::awaitable<BodyStream::Taken> Connection::next_piece(BodyStream& body, asio::steady_timer& waker) {
  for (;;) {
    BodyStream::Taken piece = body.take();
    if (!piece.bytes.empty() || piece.is_last) co_return piece;
    error_code cancelled;
    co_await waker.async_wait(token(cancelled));
  }
}

// A client that goes is seen at once, not at the next write. One that sends further requests meanwhile, which nobody
// does, is watched no more.
void Connection::watch_for_end() {
  stream_.socket().async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    if (error || !self->streaming_ || self->stream_.socket().available(error) > 0) return;
    self->streaming_->close();
  });
}

}  // namespace logs_server
