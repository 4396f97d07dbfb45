// The sample entries as entries of the project that logs-server makes at its first start, each with an identifier of
// its own. Shared by the benchmarks of the server.
#ifndef LOGS_SDK_BENCH_SAMPLE_PROJECT_H_
#define LOGS_SDK_BENCH_SAMPLE_PROJECT_H_

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/ingest/batch_parser.h"
#include "src/base/clock.h"
#include "src/base/uuid7.h"
#include "testing/sample_entries.h"

namespace bench {

inline constexpr char kProject[] = "default";
// Where the uuid of an encoded entry stands: behind {"uuid":"
inline constexpr std::size_t kUuidOffset = 9;

inline std::vector<std::string> samples_of_project() {
  logs_sdk::ProcessIdentity identity = logs_sdk::SampleEntries::identity();
  identity.project_slug = kProject;
  const logs_sdk::EntryEncoder encoder({}, identity);
  const logs_sdk::SampleEntries samples;
  std::vector<std::string> encoded;
  for (const logs_sdk::EntryView& view : samples.views()) encoder.encode(view, encoded.emplace_back());
  return encoded;
}

// `count` entries of which none is a duplicate.
inline std::vector<std::string> fresh_entries(const std::vector<std::string>& samples, int count) {
  std::vector<std::string> entries;
  for (int i = 0; i < count; ++i) {
    std::string& entry = entries.emplace_back(samples[static_cast<std::size_t>(i) % samples.size()]);
    char hex[32];
    logs_sdk::next_uuid7(logs_sdk::system_clock().wall()).to_hex(hex);
    entry.replace(kUuidOffset, sizeof hex, hex, sizeof hex);
  }
  return entries;
}

inline std::string batch_body(const std::vector<std::string>& entries, std::size_t first, std::size_t count) {
  std::string body = "{\"logs\":[";
  for (std::size_t i = first; i < first + count; ++i) body += entries[i] + ",";
  body.back() = ']';
  return body + "}";
}

// The same as rows for a store.
inline std::vector<logs_server::NewEntry> rows_of(logs_server::BatchParser& parser,
                                                  const std::vector<std::string>& entries, std::size_t first,
                                                  std::size_t count) {
  const logs_server::Receipt receipt{kProject, logs_sdk::system_clock().wall().time_since_epoch().count()};
  std::string body = batch_body(entries, first, count);
  logs_server::ParsedBatch parsed;
  if (parser.parse(body, receipt, parsed) || parsed.entries.size() != count) {
    throw std::runtime_error("the sample entries are refused");
  }
  return std::move(parsed.entries);
}

}  // namespace bench

#endif  // LOGS_SDK_BENCH_SAMPLE_PROJECT_H_
