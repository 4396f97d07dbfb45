#include "server/command/audit_command.h"

#include <unistd.h>

#include <chrono>
#include <cstddef>

#include "server/store/sqlite_reader.h"
#include "src/audit/audit_report.h"
#include "src/audit/entry_audit.h"
#include "src/masking/masker.h"

namespace logs_server {
namespace {

using logs_sdk::AuditReport;
using logs_sdk::Code;
using logs_sdk::EntryForm;
using logs_sdk::Masker;
using logs_sdk::Result;
using logs_sdk::Status;

// What one transaction reads: while it lasts, the server's log of the database cannot be taken over into the file.
constexpr std::size_t kEntriesAtOnce = 1000;

// Reads on from `range.before`. True: there may be more.
Result<bool> read_some(SqliteReader& reader, const Masker& masker, ScanRange& range, AuditReport& report) {
  std::size_t seen = 0;
  const Status scanned = reader.scan(range, [&](const ScannedEntry& entry) {
    const EntryForm form = entry.columns().kind == EntryKind::kInfra ? EntryForm::kInfra : EntryForm::kEntry;
    report.add(entry.columns().project_slug, audit_entry(masker, form, entry.document()));
    range.before = entry.position();
    return ++seen < kEntriesAtOnce;
  });
  if (!scanned.ok()) return scanned;
  return seen == kEntriesAtOnce;
}

}  // namespace

Result<int> run_audit(const std::string& data_folder, const AuditCommand& command, std::ostream& out) {
  const std::string path = data_folder + "/store.db";
  if (::access(path.c_str(), F_OK) != 0) {
    return Status(Code::kConfiguration, data_folder + ": no logs-server has used this folder; name it with --data-dir");
  }
  const auto reader = SqliteReader::open_read_only(path);
  if (!reader.ok()) return with_advice(reader.status());
  const Masker masker(command.options.mask_extra, command.options.mask_allow);
  AuditReport report(out, command.options.json);
  ScanRange range;
  range.project_slug = command.project_slug;
  range.from_us = begin_of(command.options, std::chrono::system_clock::now()).value_or(range.from_us);
  for (;;) {
    const auto more = read_some(*reader.value(), masker, range, report);
    if (!more.ok()) return with_advice(more.status());
    if (!more.value()) return report.end();
  }
}

}  // namespace logs_server
