#include "src/audit/audit_report.h"

namespace logs_sdk::inline v1 {

AuditReport::AuditReport(std::ostream& out, bool json) : out_(out), json_(json) {
  if (json_) out_ << "{\"findings\":[";
}

void AuditReport::add(std::string_view place, const std::optional<EntryFindings>& findings) {
  ++entries_;
  if (!findings) {
    ++unreadable_;
  } else if (!findings->fields.empty()) {
    write(place, *findings);
  }
}

void AuditReport::write(std::string_view place, const EntryFindings& findings) {
  const std::string_view uuid = findings.uuid.empty() && !json_ ? "-" : std::string_view(findings.uuid);
  if (json_) {
    out_ << (found_ > 0 ? ",\n" : "\n") << "{\"in\":\"" << place << "\",\"uuid\":\"" << uuid << "\",\"fields\":[";
  } else {
    out_ << place << ' ' << uuid;
  }
  const char* separator = "";
  for (const std::string_view field : findings.fields) {
    if (json_) {
      out_ << separator << '"' << field << '"';
    } else {
      out_ << ' ' << field;
    }
    separator = ",";
    ++fields_[field];
  }
  out_ << (json_ ? "]}" : "\n");
  ++found_;
}

int AuditReport::end() {
  write_counts();
  out_.flush();
  if (unreadable_ > 0) return kAuditIncomplete;
  return found_ > 0 ? kAuditFound : kAuditNothingFound;
}

void AuditReport::write_counts() {
  if (!json_) {
    out_ << found_ << " of " << entries_ << " entries would be masked\n";
    for (const auto& [field, count] : fields_) out_ << "  " << field << ' ' << count << '\n';
    if (unreadable_ > 0) out_ << unreadable_ << " entries could not be read\n";
    return;
  }
  out_ << "],\n\"entries\":" << entries_ << ",\"found\":" << found_ << ",\"unreadable\":" << unreadable_
       << ",\"fields\":{";
  const char* separator = "";
  for (const auto& [field, count] : fields_) {
    out_ << separator << '"' << field << "\":" << count;
    separator = ",";
  }
  out_ << "}}\n";
}

}  // namespace logs_sdk::inline v1
