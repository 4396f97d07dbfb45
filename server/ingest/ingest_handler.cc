#include "server/ingest/ingest_handler.h"

#include <utility>

#include "server/ingest/batch_answer.h"
#include "server/ingest/batch_parser.h"
#include "server/ingest/client_headers.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

// One per network thread, kept: its index is as large as the largest body it saw.
BatchParser& thread_parser() {
  thread_local BatchParser parser;
  return parser;
}

Response retry_later(int status, std::string_view message) {
  return error_response(status, message).with("Retry-After", "1");
}

Response failure_answer(const Status& failure) {
  // A folder that cannot be written may become writable while we run, so that is a reason to come again too.
  if (failure.code() == Code::kRetry || failure.code() == Code::kConfiguration) {
    return retry_later(503, "the store cannot write at the moment; try again");
  }
  return error_response(500, "the store cannot write");
}

void complete(ClientPost& client, const Receipt& receipt, const ParsedBatch& batch) {
  client.received_at_us = receipt.received_at_us;
  client.rejected = batch.rejected.size();
  if (!batch.entries.empty()) client.labels.host = host_of(batch.entries.front().document);
}

}  // namespace

void IngestHandler::add_to(Router& router, const Guard& guard) {
  add(router, "/api/v1/ingest/logs", EntryKind::kEntry, guard);
  add(router, "/api/v1/ingest/infra-logs", EntryKind::kInfra, guard);
}

void IngestHandler::add(Router& router, std::string pattern, EntryKind kind, const Guard& guard) {
  Route route;
  route.method = "POST";
  route.pattern = std::move(pattern);
  route.guard = guard;
  route.max_body_bytes = kMaxBatchBytes;
  route.headers = {{"Accept-Encoding", "zstd, gzip"}};  // RFC 7694: what a client may compress with
  router.add_async(std::move(route),
                   [this, kind](Request& request, const Responder& responder) { ingest(kind, request, responder); });
}

void IngestHandler::ingest(EntryKind kind, Request& request, const Responder& responder) {
  ClientHeaders client = read_client_headers(request);
  const Receipt receipt{.project_slug = request.principal,
                        .received_at_us = clock_.wall().time_since_epoch().count(),
                        .kind = kind,
                        .mask = !request.keep_unmasked,
                        .cut_texts = client.post ? logs_sdk::Extent::kWhole : logs_sdk::Extent::kCut,
                        .enricher = enricher_};
  std::string batch_id = batch_id_of(request.header("x-batch-id"));
  ParsedBatch batch;
  const auto parse = [&] { return thread_parser().parse(request.body, receipt, batch); };
  if (auto refusal = request.charge_work ? request.charge_work(parse) : parse()) {
    responder.send(std::move(*refusal));
    return;
  }
  rejections_.add(batch.rejected);
  masked_entries_ += batch.masked;
  if (client.malformed) ++malformed_client_headers_;
  if (client.post) complete(*client.post, receipt, batch);
  if (batch.entries.empty() && !client.post) {
    responder.send(batch_answer(batch_id, {}, batch.rejected));
    return;
  }
  auto answer = [responder, batch_id = std::move(batch_id),
                 rejected = std::move(batch.rejected)](const Result<std::vector<AppendVerdict>>& result) {
    responder.send(result.ok() ? batch_answer(batch_id, result.value(), rejected) : failure_answer(result.status()));
  };
  if (!queue_.submit(std::move(batch.entries), std::move(client.post), std::move(answer))) {
    responder.send(retry_later(429, "too many entries wait to be stored; try again"));
  }
}

}  // namespace logs_server
