#include "server/command/server_samples.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <string_view>
#include <utility>

namespace logs_server {
namespace {

using enum MetricSample::Kind;

// As long as the metrics last: the text of a sample is not copied.
constexpr std::string_view kRefusedHelp = "What a limit has turned away, by limit.";
constexpr std::string_view kRejectedHelp = "Entries refused within accepted posts, by class of the reason.";

template <typename Number>
MetricSample gauge(std::string_view name, std::string_view help, Number value) {
  return {.name = name, .help = help, .kind = kGauge, .value = static_cast<double>(value)};
}

MetricSample counter(std::string_view name, std::string_view help, std::uint64_t value) {
  return {.name = name, .help = help, .kind = kCounter, .value = static_cast<double>(value)};
}

MetricSample refused(std::string_view limit, std::uint64_t value) {
  MetricSample made = counter("logs_server_refused_total", kRefusedHelp, value);
  made.label_name = "limit";
  made.label_value = limit;
  return made;
}

MetricSample rejected(std::string_view reason, std::uint64_t value) {
  MetricSample made = counter("logs_server_entries_rejected_total", kRejectedHelp, value);
  made.label_name = "reason";
  made.label_value = reason;
  return made;
}

// What the store's file takes up, with its log.
std::uint64_t store_bytes(const std::string& data_folder) {
  std::uint64_t total = 0;
  for (const char* name : {"/store.db", "/store.db-wal"}) {
    struct stat info {};
    if (::stat((data_folder + name).c_str(), &info) == 0) total += static_cast<std::uint64_t>(info.st_size);
  }
  return total;
}

// What a process without special rights may still write there; 0 when nobody can say.
std::uint64_t free_bytes(const std::string& data_folder) {
  struct statvfs info {};
  return ::statvfs(data_folder.c_str(), &info) == 0 ? std::uint64_t{info.f_bavail} * info.f_frsize : 0;
}

void add_load(const ServerLoad& load, std::vector<MetricSample>& samples) {
  samples.push_back(gauge("logs_server_connections", "Connections that are open.", load.connections));
  samples.push_back(
      gauge("logs_server_waiting_requests", "Requests that wait for a worker or have one.", load.waiting_requests));
  samples.push_back(gauge("logs_server_body_memory_bytes", "Memory that request bodies take up at the moment.",
                          load.body_memory_bytes));
  samples.push_back(counter("logs_server_retired_connections_total",
                            "Connections that were closed to make room for others.", load.retired_connections));
}

void add_ingest(CommitQueue& queue, const IngestHandler& ingest, std::vector<MetricSample>& samples) {
  const CommitQueue::Waiting waiting = queue.waiting();
  samples.push_back(gauge("logs_server_commit_queue_batches", "Batches that wait to be committed.", waiting.batches));
  samples.push_back(gauge("logs_server_commit_queue_entries", "Entries that wait to be committed.", waiting.entries));
  const RejectionCounts& rejections = ingest.rejections();
  samples.push_back(rejected("not_an_entry", rejections.of(RejectionClass::kNotAnEntry)));
  samples.push_back(rejected("other_project", rejections.of(RejectionClass::kOtherProject)));
  samples.push_back(rejected("field", rejections.of(RejectionClass::kField)));
  samples.push_back(rejected("says_nothing", rejections.of(RejectionClass::kSaysNothing)));
  samples.push_back(counter("logs_server_entries_masked_total", "Entries in which a secret had been left to mask.",
                            ingest.masked_entries()));
  samples.push_back(counter("logs_server_malformed_client_headers_total",
                            "Posts whose headers on their client could not be read.",
                            ingest.malformed_client_headers()));
}

constexpr std::string_view kGeoInUseHelp = "Whether a file that tells places or providers is in use.";
constexpr std::string_view kGeoBuiltHelp = "When the file in use was built, in seconds since 1970; 0: none is in use.";
constexpr std::string_view kGeoLoadsHelp = "Versions of the file that were taken into use.";
constexpr std::string_view kGeoFailuresHelp = "Versions of the file that could not be used.";

// One name after the other, as the format wants them.
void add_geo_files(const Enricher& enricher, std::vector<MetricSample>& samples) {
  const std::pair<std::string_view, GeoFile::State> files[] = {{"city", enricher.state(Enricher::File::kCity)},
                                                               {"isp", enricher.state(Enricher::File::kIsp)}};
  const auto add = [&](MetricSample made, std::string_view name) {
    made.label_name = "file";
    made.label_value = name;
    samples.push_back(made);
  };
  for (const auto& [name, state] : files) add(gauge("logs_server_geo_in_use", kGeoInUseHelp, state.in_use), name);
  for (const auto& [name, state] : files)
    add(gauge("logs_server_geo_built_seconds", kGeoBuiltHelp, state.built_at_s), name);
  for (const auto& [name, state] : files) add(counter("logs_server_geo_loads_total", kGeoLoadsHelp, state.loads), name);
  for (const auto& [name, state] : files)
    add(counter("logs_server_geo_failures_total", kGeoFailuresHelp, state.failures), name);
}

void add_enrichment(const Enricher& enricher, std::vector<MetricSample>& samples) {
  const UserAgents& user_agents = enricher.user_agents();
  samples.push_back(
      counter("logs_server_user_agent_hits_total", "User agents that were remembered.", user_agents.hits()));
  samples.push_back(counter("logs_server_user_agent_misses_total", "User agents that the rules were asked about.",
                            user_agents.misses()));
  samples.push_back(counter("logs_server_user_agent_passed_over_total",
                            "User agents for which the rules had no time left in their post.",
                            user_agents.passed_over()));
  samples.push_back(
      gauge("logs_server_user_agent_left_out_rules", "Rules that cannot be run.", user_agents.left_out_rules()));
  add_geo_files(enricher, samples);
}

void add_tails(const TailCounts& tails, std::vector<MetricSample>& samples) {
  samples.push_back(gauge("logs_server_tails", "Tails that are open.", tails.open));
  samples.push_back(counter("logs_server_tail_entries_shown_total", "Entries shown to tails.", tails.shown));
  samples.push_back(counter("logs_server_tail_entries_dropped_total",
                            "Entries passed over for tails that were too far behind.", tails.dropped));
}

void add_refusals(const SampledParts& parts, const ServerLoad& load, std::vector<MetricSample>& samples) {
  const KeyRefusals keys = parts.key_limits.refusals();
  samples.push_back(refused("connections", load.refused_connections));
  samples.push_back(refused("body_memory", load.refused_bodies));
  samples.push_back(refused("requests_under_way", load.refused_requests));
  samples.push_back(refused("key_requests", keys.by_requests));
  samples.push_back(refused("key_bytes", keys.by_bytes));
  samples.push_back(refused("key_time", keys.by_time));
  samples.push_back(refused("tails", parts.tails.counts().refused));
}

}  // namespace

std::vector<MetricSample> sample(const SampledParts& parts) {
  const ServerLoad load = parts.server.load();
  std::vector<MetricSample> samples;
  add_load(load, samples);
  add_ingest(parts.queue, parts.ingest, samples);
  add_enrichment(parts.enricher, samples);
  add_tails(parts.tails.counts(), samples);
  add_refusals(parts, load, samples);
  samples.push_back(gauge("logs_server_store_bytes", "Size of the store's files.", store_bytes(parts.data_folder)));
  samples.push_back(
      gauge("logs_server_data_free_bytes", "Room left where the data folder is.", free_bytes(parts.data_folder)));
  return samples;
}

}  // namespace logs_server
