// AuditReport: what an audit found, as text or as one JSON object, written while it goes on. It names places, uuids and
// fields, never a value.
//
//     shop 019a8b…c4 request_headers tags          {"findings":[
//     shop 019a8b…f0 response_body {"in":"shop","uuid":"019a8b…c4","fields":["request_headers","tags"]}, 2 of 3400
//     entries would be masked            …],"entries":3400,"found":2,"unreadable":0,
//       request_headers 1                          "fields":{"request_headers":1,"response_body":1,"tags":1}}
//       …
//
// Memory: a count for each field. Thread-safety: none.
#ifndef LOGS_SDK_AUDIT_AUDIT_REPORT_H_
#define LOGS_SDK_AUDIT_AUDIT_REPORT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string_view>

#include "src/audit/entry_audit.h"

namespace logs_sdk::inline v1 {

// What a command ends with.
inline constexpr int kAuditNothingFound = 0;
inline constexpr int kAuditIncomplete = 1;  // an entry could not be read, so nobody knows
inline constexpr int kAuditFound = 3;

class AuditReport {
 public:
  // `out` outlives the report.
  AuditReport(std::ostream& out, bool json);

  // One entry. `place`: where it stands, of letters, digits and ".-_/". No findings: it could not be read.
  void add(std::string_view place, const std::optional<EntryFindings>& findings);

  // Once, after the last entry. The exit code of the command.
  int end();

 private:
  void write(std::string_view place, const EntryFindings& findings);
  void write_counts();

  std::ostream& out_;
  const bool json_;
  std::uint64_t entries_ = 0, found_ = 0, unreadable_ = 0;
  std::map<std::string_view, std::uint64_t> fields_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_AUDIT_AUDIT_REPORT_H_
