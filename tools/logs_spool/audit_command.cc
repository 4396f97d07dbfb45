#include <chrono>
#include <string>

#include "src/audit/audit_report.h"
#include "src/audit/entry_audit.h"
#include "src/base/rfc3339.h"
#include "src/json/json_checker.h"
#include "src/json/json_text.h"
#include "src/masking/masker.h"
#include "src/spool/dead_letters.h"
#include "src/spool/spool_view.h"
#include "tools/logs_spool/commands.h"
#include "tools/logs_spool/project_folders.h"

namespace logs_sdk::inline v1 {
namespace {

// The meaning that the library gives to the streams of its spool (docs/formats/spool.md, "Dead letters").
constexpr std::string_view kInfraStream = "1";

EntryForm form_of(std::string_view stream) { return stream == kInfraStream ? EntryForm::kInfra : EntryForm::kEntry; }

class SpoolAudit {
 public:
  SpoolAudit(const AuditOptions& options, std::ostream& out)
      : masker_(options.mask_extra, options.mask_allow), report_(out, options.json) {
    begin_us_ = begin_of(options, std::chrono::system_clock::now());
    if (begin_us_) begin_ = '"' + std::string(view(rfc3339(WallTime(std::chrono::microseconds(*begin_us_))))) + '"';
  }

  Status add(const OpenProject& project) {
    const int directory = project.directory.get();
    const auto instances = spool_instances(directory);
    if (!instances.ok()) return instances.status();
    for (const std::string& name : instances.value()) {
      const std::string place = project.prefix + name;
      const auto visit = [&](const PendingRecord& record) { add_record(place, record); };
      const auto viewed = view_instance(directory, name, visit);
      if (viewed.ok()) {
        for (std::size_t i = 0; i < viewed.value().unreadable; ++i) report_.add(place, std::nullopt);
      } else if (viewed.status().code() != Code::kRetry) {  // else it has gone, with all that was in it
        return viewed.status();
      }
    }
    return view_dead_letters(directory, [&](const std::string& file, std::string_view line) {
      add_letter(project.prefix + kDeadLetterFolder + "/" + file, line);
    });
  }

  int end() { return report_.end(); }

 private:
  void add_record(const std::string& place, const PendingRecord& record) {
    // One whose time is unknown may be new.
    if (begin_us_ && record.written_at_us && *record.written_at_us < *begin_us_) return;
    report_.add(place, audit_entry(masker_, form_of(std::to_string(record.stream)), record.payload));
  }

  void add_letter(const std::string& place, std::string_view line) {
    if (!line.starts_with('{') || first_json_error(line)) return report_.add(place, std::nullopt);
    std::string_view time, stream, entry;
    JsonMembers members(line);
    for (std::string_view name, value; members.next(name, value);) {
      if (name == "\"time\"") time = value;
      if (name == "\"stream\"") stream = value;
      if (name == "\"entry\"") entry = value;
    }
    // Both are written alike, so that their order is that of the times.
    if (begin_us_ && time.size() == begin_.size() && time < begin_) return;
    report_.add(place, audit_entry(masker_, form_of(stream), entry));
  }

  const Masker masker_;
  AuditReport report_;
  std::optional<std::int64_t> begin_us_;
  std::string begin_;  // the same as a JSON string
};

}  // namespace

Result<int> run_audit(const SpoolCommand& command, std::ostream& out) {
  const auto projects = open_projects(command.folder);
  if (!projects.ok()) return projects.status();
  SpoolAudit audit(command.audit, out);
  for (const OpenProject& project : projects.value()) {
    if (Status added = audit.add(project); !added.ok()) {
      return Status(added.code(), project.path + ": " + added.message());
    }
  }
  return audit.end();
}

}  // namespace logs_sdk::inline v1
