// Search: what a scan of the embedded store costs per entry it looks at, by what the query needs of it. For the reader:
// the plan is a linear scan, and this says how far it carries.
#include <cstdio>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "bench/figure.h"
#include "bench/sample_project.h"
#include "bench/spool_fixture.h"
#include "server/query/matcher.h"
#include "server/query/query_parser.h"
#include "server/store/sqlite_store.h"
#include "testing/temporary_folder.h"

namespace {

constexpr int kEntries = 20000;
constexpr int kRowsPerAppend = 1000;
constexpr int kRounds = 5;

void fill(logs_server::Store& store) {
  const auto entries = bench::fresh_entries(bench::samples_of_project(), kEntries);
  logs_server::BatchParser parser;
  for (std::size_t first = 0; first < kEntries; first += kRowsPerAppend) {
    if (!store.append(bench::rows_of(parser, entries, first, kRowsPerAppend)).ok()) {
      throw std::runtime_error("append failed");
    }
  }
}

struct Scan {
  double ns_per_entry = 0;
  int found = 0;
};

Scan scan(logs_server::Store& store, const std::string& text) {
  const auto parsed = logs_server::parse_query_text(text);
  if (!std::holds_alternative<logs_server::Query>(parsed)) throw std::runtime_error("bad query " + text);
  Scan result;
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    logs_server::Matcher matcher(std::get<logs_server::Query>(parsed));
    int seen = 0;
    result.found = 0;
    const double start_ns = bench::thread_cpu_ns();
    const auto status = store.scan({}, [&](const logs_server::ScannedEntry& entry) {
      ++seen;
      result.found += matcher.matches(entry) ? 1 : 0;
      return true;
    });
    if (!status.ok() || seen != kEntries) throw std::runtime_error("the scan did not see every entry");
    rounds.push_back((bench::thread_cpu_ns() - start_ns) / kEntries);
  }
  result.ns_per_entry = bench::median(rounds);
  return result;
}

}  // namespace

int main() {
  const logs_sdk::TemporaryFolder folder;
  auto store = logs_server::SqliteStore::open(folder.path() + "/store");
  if (!store.ok()) throw std::runtime_error(store.status().message());
  fill(*store.value());
  const struct {
    const char* name;
    const char* query;
  } searches[] = {
      {"search by columns (status:>=500)", "status:>=500"},
      {"search for a word that is nowhere", "zebracrossing"},
      {"search by a field of the document (has:referer)", "has:referer"},
  };
  for (const auto& search : searches) {
    const Scan result = scan(*store.value(), search.query);
    char detail[120];
    std::snprintf(detail, sizeof detail, "CPU per entry scanned; %d of %d found; 1 million: %.1f s", result.found,
                  kEntries, result.ns_per_entry / 1e3);
    bench::print_figure(search.name, result.ns_per_entry, 0, "ns", detail);
  }
}
