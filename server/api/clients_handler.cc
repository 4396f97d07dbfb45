#include "server/api/clients_handler.h"

#include <string>
#include <utility>
#include <vector>

#include "server/api/store_failure.h"
#include "server/store/timestamp.h"

namespace logs_server {
namespace {

std::string_view verdict_name(ClientVerdict verdict) {
  switch (verdict) {
    case ClientVerdict::kBalanced:
      return "balanced";
    case ClientVerdict::kWaiting:
      return "waiting";
    case ClientVerdict::kShort:
      return "short";
    case ClientVerdict::kUnknown:
      return "unknown";
  }
  return "unknown";
}

// Members of an object, in the order added. Names are ours, so they are not escaped.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) { return raw(name, json_quote(value)); }
  JsonObject& number(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& raw(std::string_view name, std::string_view json) {
    members_ += members_.empty() ? "\"" : ",\"";
    members_.append(name).append("\":").append(json);
    return *this;
  }
  std::string json() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

std::string json_of(const std::optional<ClientLedger>& ledger) {
  if (!ledger) return "null";
  return JsonObject()
      .number("captured", ledger->captured)
      .number("delivered", ledger->delivered)
      .number("duplicate", ledger->duplicate)
      .number("rejected", ledger->rejected)
      .number("dropped", ledger->dropped)
      .number("pending", ledger->pending())
      .json();
}

std::string json_of(const ReceivedEntries& received) {
  return JsonObject()
      .number("accepted", received.accepted)
      .number("duplicate", received.duplicate)
      .number("rejected", received.rejected)
      .json();
}

std::string json_of(const ClientRecord& client) {
  return JsonObject()
      .text("project_slug", client.project_slug)
      .text("instance", client.instance)
      .text("sdk_type", client.labels.sdk_type)
      .text("sdk_version", client.labels.sdk_version)
      .text("sdk_hash", client.labels.sdk_hash)
      .text("host", client.labels.host)
      .text("peer_address", client.labels.peer_address)
      .text("first_seen", format_timestamp(client.first_seen_us))
      .text("last_seen", format_timestamp(client.last_seen_us))
      .number("batches", client.batches)
      .raw("ledger", json_of(client.ledger))
      .raw("received", json_of(client.received))
      .text("verdict", verdict_name(verdict_of(client)))
      .number("missing", client.missing)
      .json();
}

Response list(Store& store, std::optional<std::string_view> project, std::uint64_t malformed_headers) {
  const auto clients = store.clients(project);
  if (!clients.ok()) return store_failure(clients.status());
  std::string json = "{\"clients\":[";
  for (const ClientRecord& client : clients.value()) {
    if (json.back() != '[') json += ',';
    json += json_of(client);
  }
  return json_response(200, json + "],\"malformed_headers\":" + std::to_string(malformed_headers) + "}");
}

}  // namespace

void add_clients_route(Router& router, Store& store, Guard reader, std::function<std::uint64_t()> malformed_headers) {
  Route route;
  route.method = "GET";
  route.pattern = "/api/v1/clients";
  route.guard = std::move(reader);
  router.add(std::move(route), [&store, malformed_headers = std::move(malformed_headers)](const Request& request) {
    return list(store, request.query_value("project"), malformed_headers());
  });
}

}  // namespace logs_server
