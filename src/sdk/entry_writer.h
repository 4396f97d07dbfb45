// EntryWriter: from a finished exchange, or an entry of the application or its infrastructure, to a record in the
// spool.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_SDK_ENTRY_WRITER_H_
#define LOGS_SDK_SDK_ENTRY_WRITER_H_

#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "logs_sdk/infra_entry.h"
#include "src/base/clock.h"
#include "src/capture/capture.h"
#include "src/entry/byte_buffer.h"
#include "src/entry/entry_encoder.h"
#include "src/entry/infra_encoder.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

// Exchanges and manual entries; infrastructure entries have another stream (kInfraStream) and another address.
inline constexpr Stream kEntryStream = 0;

class EntryWriter {
 public:
  EntryWriter(const Capture& capture, EntryEncoder encoder, InfraEncoder infra_encoder, Spool& spool)
      : capture_(capture), encoder_(std::move(encoder)), infra_encoder_(std::move(infra_encoder)), spool_(spool) {}

  // False when the entry was dropped, which is counted.
  bool write(ExchangeState& state, Outcome outcome, SteadyTime end) const noexcept;
  // Fills `entry` (manual_entry.h) and masks it.
  bool write(LogEntry& entry, WallTime now, Random& random) const noexcept;
  bool write(InfraLogEntry& entry, WallTime now, Exchange& within) const noexcept;

 private:
  // An entry that is larger than a record may be is encoded again without bodies, then without headers.
  bool encode_and_append(EntryView& view, ByteBuffer& bytes) const;
  // The same without metadata, then without error_detail.
  bool encode_and_append(InfraLogEntry& entry, ByteBuffer& bytes) const;

  const Capture& capture_;
  const EntryEncoder encoder_;
  const InfraEncoder infra_encoder_;
  Spool& spool_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_ENTRY_WRITER_H_
