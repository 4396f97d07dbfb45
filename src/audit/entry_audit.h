// Which fields of an entry, as it is stored or waits to be shipped, rules of masking would change.
#ifndef LOGS_SDK_AUDIT_ENTRY_AUDIT_H_
#define LOGS_SDK_AUDIT_ENTRY_AUDIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

enum class EntryForm : std::uint8_t { kEntry, kInfra };

struct EntryFindings {
  std::string uuid;                      // 32 hex digits; empty when the entry has none
  std::vector<std::string_view> fields;  // names of the field tables, in their order
};

// `document`: any bytes. None: no JSON object, so that nothing can be said of it.
std::optional<EntryFindings> audit_entry(const Masker& masker, EntryForm form, std::string_view document);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_AUDIT_ENTRY_AUDIT_H_
