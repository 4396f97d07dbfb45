// logs-server from a request to its answer, without sockets: its registry, guards, router, handlers, group commit and
// enricher. The store is the reference in memory, empty again whenever that is asked for.
//
// What a connection does before and around a handler is done here as server/http/connection.cc does it.
// Thread-safety: none; answers are waited for.
#ifndef LOGS_SDK_FUZZ_SUPPORT_WHOLE_SERVER_H_
#define LOGS_SDK_FUZZ_SUPPORT_WHOLE_SERVER_H_

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/support/promise.h"
#include "server/api/clients_handler.h"
#include "server/api/ingest_guard.h"
#include "server/api/key_limits.h"
#include "server/api/logs_handler.h"
#include "server/api/reader_guard.h"
#include "server/api/registry.h"
#include "server/enrich/enricher.h"
#include "server/http/body_reader.h"
#include "server/http/router.h"
#include "server/http/url.h"
#include "server/ingest/commit_queue.h"
#include "server/ingest/ingest_handler.h"
#include "server/store/memory_store.h"
#include "testing/manual_clock.h"
#include "testing/temporary_folder.h"

namespace logs_server::fuzz {

// A store that can be emptied, while nobody uses it.
class EmptiedStore final : public Store {
 public:
  using Store::append;
  void empty() { store_ = std::make_unique<MemoryStore>(); }

  Result<std::vector<AppendVerdict>> append(std::span<const NewEntry> entries,
                                            std::span<const ClientPost> posts) override {
    return store_->append(entries, posts);
  }
  Result<std::optional<StoredEntry>> find(const logs_sdk::Uuid& uuid,
                                          std::optional<std::string_view> project_slug) override {
    return store_->find(uuid, project_slug);
  }
  Status scan(const ScanRange& range, const std::function<bool(const ScannedEntry&)>& visit) override {
    return store_->scan(range, visit);
  }
  Status scan_arrivals(std::uint64_t after_uid, const std::function<bool(const ScannedEntry&)>& visit) override {
    return store_->scan_arrivals(after_uid, visit);
  }
  Result<std::uint64_t> last_uid() override { return store_->last_uid(); }
  Result<std::vector<ClientRecord>> clients(std::optional<std::string_view> project_slug) override {
    return store_->clients(project_slug);
  }
  Status check() override { return store_->check(); }
  Result<std::uint64_t> count() override { return store_->count(); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

class WholeServer {
 public:
  WholeServer() {
    const Guard reader = reader_guard(*registry_);
    add_logs_routes(router_, store_, clock_, reader, {.scan_time = std::chrono::hours(1)});
    add_clients_route(router_, store_, reader, [this] { return ingest_.malformed_client_headers(); });
    ingest_.add_to(router_, ingest_guard(*registry_, limits_, MissingSecret::kRefusedUnlessProjectAllows));
  }

  EmptiedStore& store() { return store_; }

  // The keys and the token are added where the request names none.
  Response ask(Request request) {
    if (!request.header("x-api-key")) {
      request.headers.emplace_back("x-api-key", first_.keys.public_key);
      request.headers.emplace_back("x-api-secret", first_.keys.secret_key);
    }
    if (!request.header("authorization")) request.headers.emplace_back("authorization", "Bearer " + first_.token);
    Router::Match match = router_.match(request.method, request.path);
    if (match.route == nullptr) return error_response(match.allowed.empty() ? 404 : 405, "no route");
    request.path_values = std::move(match.path_values);
    std::string body = std::exchange(request.body, {});
    if (auto refusal = match.route->guard(request)) return std::move(*refusal);
    if (auto refusal = read_body(*match.route, request, body)) return std::move(*refusal);
    if (match.route->handler) return match.route->handler(request);
    std::promise<Response> answer;
    std::future<Response> answered = answer.get_future();
    match.route->async_handler(request, Responder([&answer](Response response) { answer.set_value(response); }));
    return answered.get();
  }
  Response get(std::string_view target) {
    const auto parts = parse_target(target);
    Request request;
    request.method = "GET";
    request.path = parts->path;
    request.query = parse_query(parts->query);
    return ask(std::move(request));
  }

 private:
  std::optional<Response> read_body(const Route& route, Request& request, const std::string& body) {
    const auto encoding = parse_content_encoding(request.header("content-encoding").value_or(""));
    if (!encoding) return error_response(415, "Content-Encoding can be zstd or gzip");
    BodyReader reader(*encoding, route.max_body_bytes, part_of_key(memory_, request.principal, request.key));
    auto refusal = reader.write(body);
    if (!refusal) refusal = reader.finish();
    if (request.on_body) request.on_body(reader.charged_bytes());
    if (!refusal) request.body = std::move(reader.body());
    return refusal;
  }

  logs_sdk::ManualClock clock_;
  const logs_sdk::TemporaryFolder folder_;
  EmptiedStore store_;
  const std::unique_ptr<Registry> registry_ = std::move(Registry::open(folder_.path(), clock_)).value();
  const FirstStart first_ = registry_->begin().value().value();
  KeyLimits limits_{clock_, {.requests_per_s = 0, .bytes_per_s = 0, .time_per_s = std::chrono::milliseconds(0)}};
  // Without a bound on the time of the rules: an entry is filled alike on any machine.
  const Enricher enricher_{{.thread_time = [] { return std::chrono::nanoseconds(0); }}};
  CommitQueue queue_{store_};
  IngestHandler ingest_{queue_, clock_, &enricher_};
  const std::shared_ptr<Budget> memory_ = std::make_shared<Budget>(std::size_t{64} << 20, "all clients together");
  Router router_;
};

}  // namespace logs_server::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_WHOLE_SERVER_H_
