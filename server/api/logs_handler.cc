#include "server/api/logs_handler.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "server/api/logs_request.h"
#include "server/api/store_failure.h"
#include "server/query/matcher.h"

namespace logs_server {
namespace {

using logs_sdk::Clock;

// One page while it is filled.
class Page {
 public:
  Page(const LogsRequest& request, const LogsOptions& options, const Clock& clock)
      : limit_(request.limit),
        options_(options),
        matcher_(request.query),
        clock_(clock),
        deadline_(clock.steady() + options.scan_time) {}

  // False when the scan is over: the page is full, or out of time or room.
  bool visit(const ScannedEntry& entry) {
    ++scanned_;
    last_ = entry.position();
    if (matcher_.matches(entry)) add(entry);
    if (entry.is_damaged()) ++damaged_;
    if (found_ == limit_) return end(true);
    return logs_.size() < options_.max_page_bytes && clock_.steady() < deadline_ ? true : end(false);
  }

  std::string json() const {
    return "{\"logs\":[" + logs_ + "],\"next_cursor\":" + (ended_early_ ? json_quote(format_cursor(last_)) : "null") +
           ",\"scanned\":" + std::to_string(scanned_) + ",\"damaged\":" + std::to_string(damaged_) +
           ",\"complete\":" + (complete_ ? "true" : "false") + "}";
  }

  std::size_t damaged() const { return damaged_; }

 private:
  void add(const ScannedEntry& entry) {
    const std::string_view document = entry.document();
    if (entry.is_damaged()) return;
    if (found_++ > 0) logs_ += ',';
    logs_ += document_with_uid(document, entry.uid());
  }
  bool end(bool complete) {
    ended_early_ = true;
    complete_ = complete;
    return false;
  }

  const std::size_t limit_;
  const LogsOptions& options_;
  Matcher matcher_;
  const Clock& clock_;
  const logs_sdk::SteadyTime deadline_;

  std::string logs_;
  Position last_;
  std::size_t found_ = 0, scanned_ = 0, damaged_ = 0;
  bool ended_early_ = false, complete_ = true;
};

// Tells of damaged entries when there are more than it has told of before. Any thread.
class DamageWatch {
 public:
  explicit DamageWatch(std::function<void(std::size_t)> tell) : tell_(std::move(tell)) {}
  void note(std::size_t damaged) {
    std::size_t told = told_;
    while (damaged > told) {
      if (!told_.compare_exchange_weak(told, damaged)) continue;
      if (tell_) tell_(damaged);
      return;
    }
  }

 private:
  const std::function<void(std::size_t)> tell_;
  std::atomic<std::size_t> told_ = 0;
};

Response list(Store& store, const Clock& clock, const LogsOptions& options, DamageWatch& damage,
              const Request& request) {
  const auto parsed = parse_logs_request(request);
  if (const auto* error = std::get_if<RequestError>(&parsed)) return bad_request(*error);
  const auto& wanted = std::get<LogsRequest>(parsed);
  Page page(wanted, options, clock);
  const Status scanned = store.scan(wanted.range, [&page](const ScannedEntry& entry) { return page.visit(entry); });
  damage.note(page.damaged());
  return scanned.ok() ? json_response(200, page.json()) : store_failure(scanned);
}

Response show(Store& store, const Request& request) {
  const auto uuid = logs_sdk::Uuid::parse(request.path_values.front());
  if (!uuid) return error_response(404, "no entry has this uuid");
  const auto found = store.find(*uuid, request.query_value("project"));
  if (!found.ok()) return store_failure(found.status());
  if (!found.value()) return error_response(404, "no entry has this uuid");
  return json_response(200, document_with_uid(found.value()->document, found.value()->uid));
}

Route reading_route(std::string pattern, const Guard& reader) {
  Route route;
  route.method = "GET";
  route.pattern = std::move(pattern);
  route.guard = reader;
  return route;
}

}  // namespace

void add_logs_routes(Router& router, Store& store, const Clock& clock, const Guard& reader, LogsOptions options) {
  const auto damage = std::make_shared<DamageWatch>(options.on_damaged);
  router.add(reading_route("/api/v1/logs", reader), [&store, &clock, options, damage](const Request& request) {
    return list(store, clock, options, *damage, request);
  });
  router.add(reading_route("/api/v1/logs/{uuid}", reader),
             [&store](const Request& request) { return show(store, request); });
}

}  // namespace logs_server
