// InfraEncoder: an InfraLogEntry as the JSON bytes that will travel, one object on one line, all 13 fields in table
// order. Strings are repaired, cut and escaped as by EntryEncoder.
//
// Thread-safety: encode() from any thread at once; the encoder is constant after construction.
#ifndef LOGS_SDK_ENTRY_INFRA_ENCODER_H_
#define LOGS_SDK_ENTRY_INFRA_ENCODER_H_

#include <string>

#include "logs_sdk/infra_entry.h"
#include "src/entry/byte_buffer.h"
#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {

class InfraEncoder {
 public:
  // `project_slug` and `host` stand in wherever an entry has none of its own.
  InfraEncoder(const EntryLimits& limits, std::string project_slug, std::string host);

  // Replaces what `out` holds by the entry, whose values are masked already. Metadata that is no JSON object becomes
  // one with the single member "text". Throws std::bad_alloc only; `out` is then unspecified.
  void encode(const InfraLogEntry& entry, ByteBuffer& out) const;

 private:
  EntryLimits limits_;
  std::string project_slug_, host_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_INFRA_ENCODER_H_
