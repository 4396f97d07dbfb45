// What the server knows of a client: one instance of an SDK, what it says of itself (its ledger) and the verdicts it
// was given here. The two are compared to show whether something that a client was told is stored is missing.
//
// Records change in the transaction that stores the entries of the post, so no crash can make the two differ.
#ifndef LOGS_SERVER_STORE_CLIENT_RECORD_H_
#define LOGS_SERVER_STORE_CLIENT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace logs_server {

// Every process of an application is a client, so they are many over time: those seen longest ago are forgotten. About
// 300 bytes each.
inline constexpr std::size_t kMaxClients = 10'000;

// A client's own totals. Each of them only grows, so of two ledgers the later one is the larger one.
struct ClientLedger {
  std::uint64_t captured = 0;
  std::uint64_t delivered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;
  std::uint64_t dropped = 0;

  // Captured, and without a verdict that the client knew of.
  std::uint64_t pending() const;
  friend bool operator==(const ClientLedger&, const ClientLedger&) = default;
};

// The verdicts given to a client here. A batch whose answer was lost is sent again and counts again, as duplicates: so
// each of these is at least what the client counts under its name.
struct ReceivedEntries {
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;

  std::uint64_t sum() const { return accepted + duplicate + rejected; }
  friend bool operator==(const ReceivedEntries&, const ReceivedEntries&) = default;
};

// How a client describes itself, as last told.
struct ClientLabels {
  std::string sdk_type = {}, sdk_version = {}, sdk_hash = {}, host = {}, peer_address = {};
  friend bool operator==(const ClientLabels&, const ClientLabels&) = default;
};

// One post of a client, as ingest saw it.
struct ClientPost {
  std::string project_slug = {};  // of its key
  std::string instance = {};      // 32 lower-case hex digits
  ClientLabels labels = {};
  std::int64_t received_at_us = 0;
  std::optional<ClientLedger> ledger = {};  // totals as of before this post
  // Which of the entries of the append came with it, and how many more were refused before.
  std::size_t first_entry = 0;
  std::size_t entry_count = 0;
  std::uint64_t rejected = 0;
};

enum class ClientVerdict : std::uint8_t {
  kBalanced,  // everything it captured has its verdict, as far as it has told
  kWaiting,   // some of it is still to come
  kShort,     // it was told of entries as stored or known that this store has not dealt with
  kUnknown,   // it has told no ledger
};

struct ClientRecord {
  std::string project_slug = {};
  std::string instance = {};
  ClientLabels labels = {};
  std::int64_t first_seen_us = 0;
  std::int64_t last_seen_us = 0;
  std::uint64_t batches = 0;  // posts, repeated ones included
  ReceivedEntries received = {};
  std::optional<ClientLedger> ledger = {};  // the latest told
  // Entries of the post that brought it: pending in the ledger, but dealt with by now.
  std::uint64_t under_way = 0;
  // Entries that by that ledger are stored or known, and that this store had not said so of before that post. Its own
  // entries must not count, or they would hide as many. Rejected ones are left out: a client also gives up what a whole
  // request was refused for, and nothing of that is counted by entry.
  std::uint64_t missing = 0;
  // What its first ledger claimed beyond the verdicts of this record, when the store had forgotten clients before: it
  // may have been one of them, so nothing can be concluded from that part.
  std::uint64_t delivered_before = 0;
  std::uint64_t duplicate_before = 0;

  friend bool operator==(const ClientRecord&, const ClientRecord&) = default;
};

// Brings a record up to date with a post, whose entries got these verdicts. A new record holds nothing but project and
// instance. `clients_forgotten`: whether the store has ever forgotten one, or held entries before it kept records.
// A ledger that arrives late takes nothing back.
void absorb(ClientRecord& record, const ClientPost& post, const ReceivedEntries& verdicts, bool clients_forgotten);

ClientVerdict verdict_of(const ClientRecord& record);

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_CLIENT_RECORD_H_
