#include "server/store/client_record.h"

#include <algorithm>

namespace logs_server {
namespace {

std::uint64_t beyond(std::uint64_t claimed, std::uint64_t known) { return claimed > known ? claimed - known : 0; }

ClientLedger later_of(const ClientLedger& a, const ClientLedger& b) {
  return {.captured = std::max(a.captured, b.captured),
          .delivered = std::max(a.delivered, b.delivered),
          .duplicate = std::max(a.duplicate, b.duplicate),
          .rejected = std::max(a.rejected, b.rejected),
          .dropped = std::max(a.dropped, b.dropped)};
}

// Only what a client describes anew replaces what it said before: an empty post names no host.
void take_labels(ClientLabels& known, const ClientLabels& told) {
  for (const auto label : {&ClientLabels::sdk_type, &ClientLabels::sdk_version, &ClientLabels::sdk_hash,
                           &ClientLabels::host, &ClientLabels::peer_address}) {
    if (!(told.*label).empty()) known.*label = told.*label;
  }
}

void take_ledger(ClientRecord& record, const ClientPost& post, std::uint64_t entries, bool clients_forgotten) {
  if (!record.ledger && clients_forgotten) {
    record.delivered_before = beyond(post.ledger->delivered, record.received.accepted);
    record.duplicate_before = beyond(post.ledger->duplicate, record.received.duplicate);
  }
  const ClientLedger latest = record.ledger ? later_of(*record.ledger, *post.ledger) : *post.ledger;
  if (record.ledger != latest) {
    record.under_way = entries;
    record.missing = beyond(latest.delivered, record.delivered_before + record.received.accepted) +
                     beyond(latest.duplicate, record.duplicate_before + record.received.duplicate);
  } else if (latest == *post.ledger) {
    // The same batch again, or one of the other stream; counting both could call a client balanced too early.
    record.under_way = std::max(record.under_way, entries);
  }
  record.ledger = latest;
}

}  // namespace

std::uint64_t ClientLedger::pending() const { return beyond(captured, delivered + duplicate + rejected + dropped); }

void absorb(ClientRecord& record, const ClientPost& post, const ReceivedEntries& verdicts, bool clients_forgotten) {
  if (record.batches == 0) record.first_seen_us = record.last_seen_us = post.received_at_us;
  record.last_seen_us = std::max(record.last_seen_us, post.received_at_us);
  ++record.batches;
  take_labels(record.labels, post.labels);
  if (post.ledger) take_ledger(record, post, verdicts.sum(), clients_forgotten);
  record.received.accepted += verdicts.accepted;
  record.received.duplicate += verdicts.duplicate;
  record.received.rejected += verdicts.rejected;
}

ClientVerdict verdict_of(const ClientRecord& record) {
  if (!record.ledger) return ClientVerdict::kUnknown;
  if (record.missing > 0) return ClientVerdict::kShort;
  return record.ledger->pending() > record.under_way ? ClientVerdict::kWaiting : ClientVerdict::kBalanced;
}

}  // namespace logs_server
