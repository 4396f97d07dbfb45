// EntryWriter: from a finished exchange, or an entry of the application, to a record in the spool.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_SDK_ENTRY_WRITER_H_
#define LOGS_SDK_SDK_ENTRY_WRITER_H_

#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "src/base/clock.h"
#include "src/capture/capture.h"
#include "src/entry/byte_buffer.h"
#include "src/entry/entry_encoder.h"
#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

// Exchanges and manual entries; infrastructure entries have another stream and another address.
inline constexpr Stream kEntryStream = 0;

class EntryWriter {
 public:
  EntryWriter(const Capture& capture, EntryEncoder encoder, Spool& spool)
      : capture_(capture), encoder_(std::move(encoder)), spool_(spool) {}

  // False when the entry was dropped, which is counted.
  bool write(ExchangeState& state, Outcome outcome, SteadyTime end) const noexcept;
  // Fills `entry` (manual_entry.h) and masks it.
  bool write(LogEntry& entry, WallTime now, Random& random) const noexcept;

 private:
  // An entry that is larger than a record may be is encoded again without bodies, then without headers.
  bool encode_and_append(EntryView& view, ByteBuffer& bytes) const;

  const Capture& capture_;
  const EntryEncoder encoder_;
  Spool& spool_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_ENTRY_WRITER_H_
