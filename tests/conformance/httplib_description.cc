// What docs/adapters.md says of cpp-httplib.
#include "tests/conformance/httplib_application.h"

namespace logs_sdk::conformance {
namespace {

constexpr char kProse[] =
    R"(Header `logs_sdk/adapters/httplib.h`, C++17; tested with 0.11.4, the version of Debian 12. It reaches into 0.11 so that
nothing of the framework has to be replaced; with another version it does not compile, and says why.

    logs_sdk::httplib::Server<> server(logs);                                     // in place of httplib::Server
    logs_sdk::httplib::Server<httplib::SSLServer> server(logs, "cert.pem", "key.pem");
    logs_sdk::httplib::attach(server, logs);                                      // to a server that you have

Hooks of yours (pre-routing, post-routing, error, exception, logger) keep working, whether they are set before or after
ours, until the server listens. With `attach`, set `new_task_queue` before: one that is set afterwards takes the place from
which we look at what else was set afterwards. Within a handler, `logs_sdk::current_exchange()` is the exchange that it serves:
`set_user`, `set_session`, `add_tag`, `mark_business_error`, and the trace id to hand on; what you say by `logs.info()`
there belongs to it.

The start is when the headers have been read; for a request that is refused before routing, when its answer is ready. The
end is after the last byte was handed to the kernel: the client may have the answer a moment before the entry is in the
spool. The path is without fragment. A response is recorded as written, a chunked one before compression. A client that
sent less of its body than it had announced is seen when something of the body came.
)";

}  // namespace

AdapterDescription httplib_description() {
  return {
      .title = "cpp-httplib",
      .prose = kProse,
      .unseen = {{Sight::kHeaderOrder, "the framework sorts them by name"},
                 {Sight::kRawHeaderValues, "the framework decodes percent signs, and shows nothing else"},
                 {Sight::kMultipartBody, "the framework takes it apart itself; its size is recorded as announced"},
                 {Sight::kSecondPipelinedRequest, "the framework forgets it, with us and without us"},
                 {Sight::kAbortedResponse,
                  "the framework does not tell whether it could write; the entry looks complete"}},
      .remarks = {{Sight::kEncodedRequestSize,
                   "where it is announced; of a chunked request, the size of what the framework has decoded"},
                  {Sight::kAbortedRequest, "status 499"},
                  {Sight::kAbortedStream, "with the status that had been sent"},
                  {Sight::kTls, "when built with `CPPHTTPLIB_OPENSSL_SUPPORT`"}},
      .not_run = {{"an_upgrade", "cpp-httplib 0.11 has no way to hand its connection to a handler"},
                  {"an_exception_in_the_middle_of_the_response",
                   "nobody catches what a content provider throws, the process ends, with us and without us"}},
      .rows = {
          {"an exception that ends the process", "yes: the entry is in the spool before it ends",
           "HttplibTest.what_a_content_provider_throws_ends_the_process_and_leaves_its_entry"},
          {"the text of an exception in the answer (`EXCEPTION_WHAT`)", "yes: as the framework sends it",
           "HttplibTest.the_text_of_an_exception_reaches_the_client_as_without_us"},
          {"a body that the handler reads itself (`ContentReader`)", "yes: as far as it reads",
           "HttplibTest.a_body_that_the_handler_reads_itself_is_seen_as_it_is_read"},
          {"headers that the framework adds to a request (`REMOTE_ADDR` …)", "left out",
           "HttplibTest.headers_that_the_framework_adds_are_left_out_but_not_those_of_a_client"},
          {"a target over the framework's limit", "yes: status 414", "HttplibTest.a_target_over_the_limit_is_recorded"},
          {"hooks set before `attach`", "keep working",
           "HttplibHooksTest.hooks_set_before_we_attach_work_as_without_us"},
          {"hooks set after `attach`", "keep working", "HttplibHooksTest.hooks_set_after_we_attach_work_as_without_us"},
          {"hooks set on `logs_sdk::httplib::Server`", "keep working",
           "HttplibHooksTest.hooks_set_on_our_server_work_as_without_us"}}};
}

}  // namespace logs_sdk::conformance
