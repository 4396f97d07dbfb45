#include <cstdint>
#include <string>

#include "src/spool/spool_view.h"
#include "tools/logs_spool/commands.h"
#include "tools/logs_spool/project_folders.h"

namespace logs_sdk::inline v1 {
namespace {

void write_instance(const InstanceView& view, std::ostream& out) {
  out << "  " << view.name << ' ' << (view.owned ? "lives" : "dead");
  if (view.owner.pid != 0) out << ", process " << view.owner.pid;
  const LedgerTotals& totals = view.totals;
  out << "\n    captured " << totals.captured << ", delivered " << totals.delivered << ", duplicate "
      << totals.duplicate << ", rejected " << totals.rejected << ", dropped " << totals.dropped_total() << ", pending "
      << totals.pending() << "; segments " << view.segments;
  if (view.unreadable > 0) out << ", of which unreadable " << view.unreadable;
  out << '\n';
}

Status write_project(const OpenProject& project, std::ostream& out) {
  out << project.path << '\n';
  const int directory = project.directory.get();
  const auto instances = spool_instances(directory);
  if (!instances.ok()) return instances.status();
  for (const std::string& name : instances.value()) {
    const auto view = view_instance(directory, name, {});
    if (view.ok()) {
      write_instance(view.value(), out);
    } else if (view.status().code() != Code::kRetry) {  // else its owner has removed it
      return view.status();
    }
  }
  std::uint64_t letters = 0;
  const Status counted = view_dead_letters(directory, [&](const std::string&, std::string_view) { ++letters; });
  if (letters > 0) out << "  dead letters " << letters << '\n';
  return counted;
}

}  // namespace

Result<int> run_list(const SpoolCommand& command, std::ostream& out) {
  const auto projects = open_projects(command.folder);
  if (!projects.ok()) return projects.status();
  for (const OpenProject& project : projects.value()) {
    if (Status written = write_project(project, out); !written.ok()) {
      return Status(written.code(), project.path + ": " + written.message());
    }
  }
  return 0;
}

}  // namespace logs_sdk::inline v1
