#include "server/enrich/enricher.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "server/enrich/client_hints.h"

namespace logs_server {
namespace {

using logs_sdk::Status;

std::string note(std::string_view name, const GeoFile::State& state) {
  std::string line(name);
  if (!state.named) return line + ": no file is named\n";
  if (state.problem.empty()) return "";
  return line + ": the file " + state.problem + (state.in_use ? "; the one before stays in use\n" : "\n");
}

}  // namespace

Enricher::Enricher(EnricherOptions options, OnVersion on_version)
    : options_(std::move(options)),
      user_agents_(kMaxKnownUserAgents, options_.thread_time),
      city_(options_.city_file, [on_version](const Status& status) { on_version(File::kCity, status); }),
      isp_(options_.isp_file, [on_version](const Status& status) { on_version(File::kIsp, status); }),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Enricher::~Enricher() = default;

void Enricher::run(const std::stop_token& stop) {
  user_agents_.warm_up();
  if (options_.city_file.empty() && options_.isp_file.empty()) return;
  std::mutex mutex;
  std::condition_variable_any stopped;
  for (std::unique_lock lock(mutex); !stop.stop_requested();) {
    stopped.wait_for(lock, stop, options_.look_every, [] { return false; });
    if (stop.stop_requested()) return;
    city_.refresh();
    isp_.refresh();
  }
}

ClientDescription Enricher::describe(std::string_view user_agent, std::string_view request_headers,
                                     RuleTime& time) const {
  const auto known = user_agents_.describe(user_agent, time);
  if (!known) return {};
  ClientDescription told = *known;
  if (const auto hints = read_client_hints(request_headers)) apply(*hints, told);
  return told;
}

Place Enricher::locate(std::string_view client_ip) const {
  Place place;
  const auto city = city_.current();
  const auto isp = isp_.current();
  if (!city && !isp) return place;
  const auto address = public_address(client_ip);
  if (!address) return place;
  const auto& any = reinterpret_cast<const sockaddr&>(*address);
  if (city) {
    if (const auto record = city->find(any)) add_place(*record, options_.language, place);
  }
  if (isp) {
    if (const auto record = isp->find(any)) add_isp(*record, place);
  }
  return place;
}

std::string readiness_notes(const Enricher& enricher) {
  return note("geo-city", enricher.state(Enricher::File::kCity)) +
         note("geo-isp", enricher.state(Enricher::File::kIsp));
}

}  // namespace logs_server
