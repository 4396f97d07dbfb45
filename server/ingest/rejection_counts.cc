#include "server/ingest/rejection_counts.h"

namespace logs_server {

RejectionClass rejection_class(std::string_view reason) {
  if (reason.starts_with("field project_slug: not ")) return RejectionClass::kOtherProject;
  if (reason.starts_with("fields ")) return RejectionClass::kSaysNothing;
  return reason.starts_with("field ") ? RejectionClass::kField : RejectionClass::kNotAnEntry;
}

void RejectionCounts::add(std::span<const RejectedEntry> rejected) {
  for (const RejectedEntry& entry : rejected) ++counts_[static_cast<std::size_t>(rejection_class(entry.reason))];
}

}  // namespace logs_server
