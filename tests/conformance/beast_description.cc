// What docs/adapters.md says of Boost.Beast.
#include "tests/conformance/beast_application.h"

namespace logs_sdk::conformance {
namespace {

constexpr char kProse[] =
    R"(Header `logs_sdk/adapters/beast.h`, C++17; tested with Boost 1.81, the version of Debian 12. Beast has no server to hook
into, so the stream is given another type, and is that stream still: its timeouts, handshake and layers are where they were.

    logs_sdk::beast::Stream<boost::beast::tcp_stream> stream(logs, std::move(socket));       // in place of tcp_stream
    logs_sdk::beast::Stream<ssl_stream<tcp_stream>> stream(logs, std::move(socket), tls);    // likewise

What is read from it as a request and written to it as a response is recorded, whether by coroutines, callbacks or blocking
calls, with whatever parser, body or serializer. A stream does not see what a handler throws: have the handler called by

    auto response = logs_sdk::beast::handle(stream, std::move(request), answer);             // a function
    auto response = co_await logs_sdk::beast::handle(stream, std::move(request), answer);    // a coroutine

which tells its exception and lets it go on, and measures it. The request that `answer` gets knows its exchange: take it as
`logs_sdk::beast::Request<Body>`, and `exchange_of(request)` is the one to call `set_user`, `set_session`, `add_tag` or
`mark_business_error` on, and to hand to `logs.info()`, whichever thread the coroutine goes on in. Within a function,
`logs_sdk::current_exchange()` is the same; code that has the stream calls `exchange_of(stream)`.

The start is when the first byte of the request has been read. The entry is made when the last byte of the response has been
written: the client may have the answer a moment before the entry is in the spool; in return 499 (the client had gone before
the answer) is told from 200. Requests are read by Beast's own parser once more, so that what it takes for a request is what
the application's takes for one; trailers are not recorded. Until an upgrade everything is seen, from then on nothing.
)";

}  // namespace

AdapterDescription beast_description() {
  return {
      .title = "Boost.Beast",
      .prose = kProse,
      .remarks = {{Sight::kExceptionMidway, "of what `handle` called"},
                  {Sight::kMalformedRequest, "with what of it could be read, and the application's answer"},
                  {Sight::kAbortedRequest, "status 499"},
                  {Sight::kAbortedStream, "with the status that had been sent"},
                  {Sight::kAbortedResponse, "with the status that had been sent"},
                  {Sight::kHandlerTime, "of what `handle` called"}},
      .rows = {
          {"a client that leaves before the response was written", "yes: status 499",
           "BeastTest.a_client_that_was_gone_before_the_answer_is_told_from_one_that_was_answered"},
          {"an exception that the application does not answer", "yes: status 500",
           "BeastTest.an_exception_that_is_not_answered_goes_on_and_is_told"},
          {"a body that is read piece by piece (`buffer_body`)", "yes",
           "BeastTest.a_body_that_is_read_piece_by_piece_is_seen"},
          {"an answer before the body has come", "yes, with what of the body had come",
           "BeastTest.an_answer_before_the_body_has_come_is_the_answer"},
          {"a WebSocket on top of the stream", "yes: status 101",
           "BeastTest.a_websocket_on_top_of_the_stream_works_and_is_an_upgrade"},
          {"a WebSocket that takes the socket (`release_socket`)", "yes: status 101, without the headers of the answer",
           "BeastTest.whoever_takes_the_socket_of_a_request_to_upgrade_goes_on_with_it"},
          {"the peer of a Unix socket", "as `unix`", "BeastTest.the_peer_of_a_unix_socket_is_named_so"},
          {"a trailer of a request", "no", "BeastTest.a_trailer_is_no_header"},
          {"a connection that ends without a request", "no",
           "BeastTest.a_connection_that_ends_between_requests_or_before_the_first_makes_no_entry"},
          {"what is written that is no HTTP/1 response", "no: the rest of that connection is not recorded",
           "BeastTest.a_stream_that_speaks_no_http_is_let_be"},
      }};
}

}  // namespace logs_sdk::conformance
