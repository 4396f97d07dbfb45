// EntryEncoder: an EntryView as the JSON bytes that will travel, one object on one line, all 57 fields in table order.
//
// Every string is repaired to UTF-8 (each maximal ill-formed part becomes U+FFFD, Unicode 15, 3.9), cut by its limit
// and escaped in one pass. Output: '"' '\\' and control characters escaped (short forms where JSON has them),
// everything else as it is; no spaces. Thread-safety: encode() from any thread at once; the encoder is constant after
// construction.
#ifndef LOGS_SDK_ENTRY_ENTRY_ENCODER_H_
#define LOGS_SDK_ENTRY_ENTRY_ENCODER_H_

#include <string>
#include <string_view>

#include "src/entry/byte_buffer.h"
#include "src/entry/entry_view.h"
#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {

// What is constant in a process, encoded once.
struct ProcessIdentity {
  std::string project_slug, environment, service_name, host, process_id;
};

class EntryEncoder {
 public:
  EntryEncoder(const EntryLimits& limits, const ProcessIdentity& identity);

  // Replaces what `out` holds by the entry. For the request path: a buffer that is kept allocates no more after a
  // while. The five fields of the identity come from it wherever the view has them empty. Throws std::bad_alloc only;
  // `out` is then unspecified.
  void encode(const EntryView& entry, ByteBuffer& out) const;
  // Appends the entry to `out`.
  void encode(const EntryView& entry, std::string& out) const;

 private:
  EntryLimits limits_;
  ProcessIdentity identity_;
  std::string identity_json_;  // `"project_slug":…,"process_id":"…",`
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_ENTRY_ENCODER_H_
