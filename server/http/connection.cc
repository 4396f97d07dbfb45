#include "server/http/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

#include "server/http/header_rules.h"
#include "server/http/header_scanner.h"
#include "server/http/peer_address.h"
#include "server/http/url.h"

namespace logs_server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint32_t kMaxHeaderBytes = 32 * 1024;   // all header fields of a request, as most servers have it
constexpr std::size_t kMaxBufferedBytes = 128 * 1024;  // a header and what one read brings after it
constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::size_t kFirstReadBytes = 4096;  // holds a usual header
// After a refusal: how long and how much we still read, so that the client sees the answer instead of a reset.
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kMaxLingerBytes = std::size_t{16} << 20;

auto token(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view view(boost::core::string_view text) { return {text.data(), text.size()}; }

// The answer to what the parser cannot read; none when there is nobody to answer.
std::optional<Response> answer_to(error_code error) {
  if (error == http::error::bad_version) return error_response(505, "HTTP/1.0 or HTTP/1.1 is expected");
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category()) {
    return error_response(400, "the request is malformed");
  }
  return std::nullopt;
}

// How long after its begin a body may take for its next bytes, when so many have come.
std::chrono::milliseconds body_patience(const HttpServerOptions& options, std::size_t received_bytes) {
  const std::chrono::milliseconds earned(received_bytes * 1000 / options.min_body_bytes_per_s);
  return std::min(options.body_timeout, options.body_grace + earned);
}

// Told apart by their status: one's own doing, which others do not share, and that of all together.
Response overloaded(WorkQueue::Admission admission, const HttpServerOptions& options) {
  const bool own = admission == WorkQueue::Admission::kShareFull;
  const std::string bound = own ? std::to_string(options.max_waiting_requests_per_principal) + " requests of yours"
                                : std::to_string(options.max_waiting_requests) + " requests";
  return error_response(own ? 429 : 503, bound + " wait already, and no more may; try again").with("Retry-After", "1");
}

// Path, query and Host of a request whose headers are there; the answer that refuses it when they are malformed or
// foreign.
std::optional<Response> translate(std::string_view raw_target, const HostCheck& hosts, Request& request) {
  const std::optional<Target> target = parse_target(raw_target);
  if (!target) return error_response(400, "the request target is not a path");
  request.path = target->path;
  request.query = parse_query(target->query);
  // RFC 9112 3.2: the absolute form overrides Host.
  const std::string_view host = target->authority.empty() ? *request.header("host") : target->authority;
  if (!hosts.allows(host)) {
    return error_response(421, "this server does not go by the name in Host; name it with --public-host");
  }
  return std::nullopt;
}

template <typename Parser>
std::size_t fields_of(const Parser& parser) {
  return static_cast<std::size_t>(std::distance(parser.get().begin(), parser.get().end()));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

// Counts a request within a budget for as long as its exchange lasts; the answer that refuses it, when there are too
// many.
std::optional<Response> count_within(const std::shared_ptr<Budget>& budget, std::optional<Budget::Share>& share) {
  const Budget* const exhausted = share.emplace(budget).grow_to(1);
  if (exhausted == nullptr) return std::nullopt;
  return error_response(429, std::string(exhausted->holder()) + " may have at most " +
                                 std::to_string(exhausted->max()) + " requests under way; try again")
      .with("Retry-After", "1");
}

// Puts a refusal in the place of an answer that its reader has no room for, as long as he does not take the others.
void hold_answer(Budget::Share& share, Response& answer) {
  constexpr std::size_t kSmallBytes = 64 * 1024;  // counted by their connections
  if (answer.body.size() <= kSmallBytes) return;
  const Budget* const exhausted = share.grow_to(answer.body.size());
  if (exhausted == nullptr) return;
  answer =
      error_response(429, "answers that " + std::string(exhausted->holder()) + " has not taken yet may hold at most " +
                              std::to_string(exhausted->max()) + " bytes; take them first")
          .with("Retry-After", "1");
}

}  // namespace

struct Connection::Exchange {
  Request request;
  const Route* route = nullptr;
  std::size_t body_bytes = 0;  // decoded, of the request
  std::string failure;
  std::optional<Budget::Share> of_forwarded;  // of the requests of its address, behind a shared peer
  std::optional<Budget::Share> of_key;        // of those of its key
};

Connection::Connection(asio::ip::tcp::socket socket, ServerContext& context)
    : context_(context), stream_(std::move(socket)), buffer_(kMaxBufferedBytes) {
  error_code error;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
  const auto peer = stream_.socket().remote_endpoint(error);
  if (!error) peer_ = peer.address();
  counted_peer_ = logs_server::counted_peer(peer_, context_.options.shared_peers);
}

// With the server, which was not waited for: whoever still writes is told, and reaches nothing of what is destroyed.
Connection::~Connection() {
  if (!streaming_) return;
  streaming_->attach(nullptr);
  streaming_->close();
}

asio::awaitable<void> Connection::run() {
  bool open = true;
  while (open) {
    open = co_await wait_for_bytes();
    if (open) open = co_await serve_one();
  }
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

void Connection::retire() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    error_code error;
    self->retiring_ = true;
    if (self->streaming_) self->streaming_->drain();
    if (self->waiting_ && self->stream_.socket().available(error) == 0) self->stream_.close();
  });
}

void Connection::abort() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->streaming_) self->streaming_->close();
    self->stream_.close();
  });
}

void Connection::evict() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->retiring_ = true;
    if (!self->keeps_place_) self->stream_.close();
  });
}

asio::awaitable<bool> Connection::wait_for_bytes() {
  keeps_place_ = false;
  context_.connections.stand_anew(this);
  if (buffer_.size() > 0) co_return true;
  error_code error;
  if ((context_.draining || retiring_) && stream_.socket().available(error) == 0) co_return false;
  stream_.expires_after(context_.options.idle_timeout);
  waiting_ = true;
  const std::size_t size = co_await stream_.async_read_some(buffer_.prepare(kFirstReadBytes), token(error));
  waiting_ = false;
  buffer_.commit(size);
  context_.connections.stand_anew(this);
  co_return !error;
}

asio::awaitable<std::optional<Response>> Connection::read_header(Parser& parser, Request& request) {
  const auto received = [this] {
    return std::string_view(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  };
  error_code error;
  HeaderScanner scanner;
  stream_.expires_after(context_.options.header_timeout);
  while (!scanner.scan(received().substr(0, kMaxHeaderBytes))) {
    if (buffer_.size() >= kMaxHeaderBytes) {
      co_return error_response(431, "the header is larger than " + std::to_string(kMaxHeaderBytes) + " bytes");
    }
    const std::size_t size = co_await stream_.async_read_some(buffer_.prepare(kFirstReadBytes), token(error));
    if (error) co_return std::nullopt;
    buffer_.commit(size);
  }
  if (!scanner.fault().empty()) co_return error_response(400, scanner.fault());
  buffer_.consume(parser.put(asio::buffer(received().substr(0, scanner.end())), error));
  if (error) co_return answer_to(error);
  for (const auto& field : parser.get()) {
    request.headers.emplace_back(lower(view(field.name_string())), view(field.value()));
  }
  const std::string fault = header_fault(request, parser.get().version());
  if (!fault.empty()) co_return error_response(400, fault);
  co_return std::nullopt;
}

asio::awaitable<bool> Connection::serve_one() {
  const auto started_at = std::chrono::steady_clock::now();
  Parser parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(boost::none);  // ours is per route and counts decoded bytes
  Exchange exchange;
  std::optional<Response> response = co_await read_header(parser, exchange.request);
  if (!response && !parser.is_header_done()) co_return false;
  const bool understood = !response;
  bool body_taken = true;
  if (understood) response = admit(exchange, parser);
  if (!response) {
    const auto encoding = parse_content_encoding(exchange.request.header("content-encoding").value_or(""));
    BodyReader reader(*encoding, exchange.route->max_body_bytes,
                      part_of_key(context_.body_memory, exchange.request.principal, exchange.request.key));
    response = co_await read_body(parser, reader);
    if (exchange.request.on_body) exchange.request.on_body(reader.charged_bytes());
    if (!response && !parser.is_done()) co_return false;  // the client went away
    exchange.body_bytes = reader.body().size();
    body_taken = !response;
    if (!response) {
      exchange.request.body = std::move(reader.body());
      response = co_await handle(exchange);
    }
  }
  if (exchange.route != nullptr) {
    for (const auto& [name, value] : exchange.route->headers) response->with(name, value);
  }
  const bool body_read = understood && body_taken && parser.is_done();
  const bool http11 = understood && parser.get().version() == 11;
  const bool keep_alive = body_read && parser.keep_alive() && http11 && !context_.draining && !retiring_;
  Budget::Share of_answer(part_of_key(context_.answer_memory, exchange.request.principal, exchange.request.key));
  hold_answer(of_answer, *response);
  // Of the parser: a handler may have taken the request for itself.
  const bool with_body = !understood || parser.get().method() != http::verb::head;
  const bool sent = co_await write(*response, with_body, http11, keep_alive);
  report(exchange, *response, std::chrono::steady_clock::now() - started_at);
  if (sent && !body_read) co_await linger();
  co_return sent&& keep_alive;
}

void Connection::report(const Exchange& exchange, const Response& response,
                        std::chrono::steady_clock::duration duration) {
  if (!context_.options.on_served) return;
  const std::string route = exchange.route ? exchange.route->method + " " + exchange.route->pattern : "-";
  context_.options.on_served({.route = route,
                              .status = response.status,
                              .duration = std::chrono::duration_cast<std::chrono::microseconds>(duration),
                              .body_bytes = exchange.body_bytes,
                              .is_stream = response.stream != nullptr,
                              .failure = exchange.failure});
}

std::optional<Response> Connection::admit(Exchange& exchange, const Parser& parser) {
  Request& request = exchange.request;
  request.method = view(parser.get().method_string());
  request.peer_address = peer_.to_string();
  request.from_proxy = counted_peer_.empty();
  if (auto refusal = translate(view(parser.get().target()), context_.hosts, request)) return refusal;
  if (auto refusal = admit_forwarded(exchange)) return refusal;
  Router::Match match = context_.router.match(request.method, request.path);
  if (match.route == nullptr) {
    if (match.allowed.empty()) return error_response(404, "there is nothing at this path");
    return error_response(405, "this path does not know the method").with("Allow", match.allowed);
  }
  exchange.route = match.route;
  request.path_values = std::move(match.path_values);
  if (match.route->guard) {
    if (auto refusal = admit_by_guard(exchange)) return refusal;
  }
  if (!parse_content_encoding(request.header("content-encoding").value_or(""))) {
    return error_response(415, "Content-Encoding can be zstd or gzip");
  }
  return std::nullopt;
}

// What comes from a shared peer counts for the address that it names.
std::optional<Response> Connection::admit_forwarded(Exchange& exchange) {
  const std::size_t max = context_.options.max_connections_per_peer;
  if (!counted_peer_.empty() || max == 0) return std::nullopt;
  const std::string address = counted_forwarded(exchange.request.headers, context_.options.shared_peers);
  if (address.empty()) return std::nullopt;
  return count_within(context_.forwarded_requests->part(address, max, "this address"), exchange.of_forwarded);
}

std::optional<Response> Connection::admit_by_guard(Exchange& exchange) {
  const Request& request = exchange.request;
  if (auto refusal = exchange.route->guard(exchange.request)) return refusal;
  if (auto refusal = count_within(part_of_key(context_.requests, request.principal, request.key), exchange.of_key)) {
    return refusal;
  }
  keeps_place_ = true;
  context_.connections.keep(this);
  return std::nullopt;
}

asio::awaitable<std::optional<Response>> Connection::read_body(Parser& parser, BodyReader& reader) {
  if (const auto length = parser.content_length()) {
    if (auto refusal = reader.expect(*length)) co_return refusal;
  }
  error_code error;
  const auto started_at = std::chrono::steady_clock::now();
  const std::size_t field_count = fields_of(parser);
  std::size_t received_bytes = 0;
  auto on_chunk = [](std::uint64_t, std::string_view extensions, error_code& fault) {
    if (has_control(extensions)) fault = http::error::bad_chunk_extension;
  };
  parser.on_chunk_header(on_chunk);
  stream_.expires_after(context_.options.body_grace);
  const bool expects = lower(view(parser.get()[http::field::expect])) == "100-continue";
  if (!parser.is_done() && expects && parser.get().version() == 11) {  // RFC 9110 10.1.1: not within HTTP/1.0
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(stream_, asio::buffer(kContinue), token(error));
    if (error) co_return std::nullopt;
  }
  for (bool needs_more = false; !parser.is_done();) {
    piece_.resize(kPieceBytes);
    auto& body = parser.get().body();
    body.data = piece_.data();
    body.size = piece_.size();
    if (buffer_.size() == 0 || needs_more) {
      // What the parser leaves is the head of a chunk, or trailers: as little as a header may be.
      if (buffer_.size() >= kMaxHeaderBytes) {
        co_return error_response(431,
                                 "what frames the body is larger than " + std::to_string(kMaxHeaderBytes) + " bytes");
      }
      stream_.expires_at(started_at + body_patience(context_.options, received_bytes));
      const std::size_t size = co_await stream_.async_read_some(buffer_.prepare(kPieceBytes), token(error));
      if (error) co_return std::nullopt;  // the client went away
      buffer_.commit(size);
    }
    // Within the coroutine: what the parser throws ends this connection and nothing else.
    const std::size_t taken = parser.put(buffer_.data(), error);
    received_bytes += taken;  // those that came with the header too
    buffer_.consume(taken);
    needs_more = error == http::error::need_more;
    if (needs_more || error == http::error::need_buffer) error = {};
    if (error) co_return answer_to(error);
    if (auto refusal = reader.write({piece_.data(), piece_.size() - body.size})) co_return refusal;
  }
  // Nothing here reads them, and what they would add to the header was judged without them.
  if (fields_of(parser) != field_count) co_return error_response(400, "a body is followed by trailer fields");
  co_return reader.finish();
}

asio::awaitable<Response> Connection::handle(Exchange& exchange) {
  stream_.expires_never();
  // The coroutine goes on where it left, on the strand, whichever thread answers.
  auto start = [this, &exchange](auto completion) {
    auto shared = std::make_shared<decltype(completion)>(std::move(completion));
    auto executor = stream_.get_executor();
    run_handler(exchange, Responder([context = context_.shared_from_this(), shared, executor](Response response) {
                  asio::post(executor,
                             [shared, response = std::move(response)]() mutable { (*shared)(std::move(response)); });
                }));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Response)>(std::move(start),
                                                                                          asio::use_awaitable);
}

void Connection::run_handler(Exchange& exchange, const Responder& responder) {
  if (exchange.route->handler) {
    run_on_worker(exchange, responder);
    return;
  }
  try {
    exchange.route->async_handler(exchange.request, responder);
  } catch (const std::exception& thrown) {
    exchange.failure = thrown.what();
    responder.send(error_response(500, "the request failed"));
  }
}

void Connection::run_on_worker(Exchange& exchange, const Responder& responder) {
  const Request& request = exchange.request;
  const std::string& principal = request.principal.empty() ? request.peer_address : request.principal;
  // `exchange` lives in the coroutine that waits for this answer.
  const auto admission = context_.workers.submit(principal, [&context = context_, &exchange, responder] {
    Response response;
    try {
      if (!context.aborted) response = exchange.route->handler(exchange.request);
    } catch (const std::exception& thrown) {
      exchange.failure = thrown.what();
      response = error_response(500, "the request failed");
    }
    if (!response.failure.empty()) exchange.failure = std::move(response.failure);
    responder.send(std::move(response));
  });
  if (admission != WorkQueue::Admission::kTaken) responder.send(overloaded(admission, context_.options));
}

asio::awaitable<bool> Connection::write(const Response& response, bool with_body, bool http11, bool keep_alive) {
  const Framing framing = !response.stream ? Framing::kLength : http11 ? Framing::kChunked : Framing::kUntilClose;
  const std::string head = response_head(response, framing, keep_alive,
                                         std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head),
                                                with_body ? asio::buffer(response.body) : asio::const_buffer()};
  error_code error;
  stream_.expires_after(context_.options.send_timeout);
  co_await asio::async_write(stream_, parts, token(error));
  if (response.stream && !error && with_body) co_return co_await write_stream(response.stream, framing);
  if (response.stream) response.stream->close();
  co_return !error;
}

// RFC 9112 9.6: closing a socket with unread bytes resets it, which can destroy the answer on its way.
asio::awaitable<void> Connection::linger() {
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(kLingerTime);
  piece_.resize(kPieceBytes);
  for (std::size_t total = 0; !error && total < kMaxLingerBytes;) {
    total += co_await stream_.async_read_some(asio::buffer(piece_), token(error));
  }
}

}  // namespace logs_server
