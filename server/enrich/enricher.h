// Enricher: the nine fields of an entry that the server fills when they arrive empty.
//
// Thread-safety: every call from any thread. It has one thread of its own, which prepares the rules and then looks
// after the files.
#ifndef LOGS_SERVER_ENRICH_ENRICHER_H_
#define LOGS_SERVER_ENRICH_ENRICHER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "server/enrich/client_description.h"
#include "server/enrich/geo_file.h"
#include "server/enrich/place.h"
#include "server/enrich/user_agents.h"
#include "src/base/status.h"
#include "src/base/thread_time.h"

namespace logs_server {

struct EnricherOptions {
  std::string city_file = {};   // MaxMind format, with countries and cities; empty: places stay empty
  std::string isp_file = {};    // the same, with providers or networks
  std::string language = "en";  // of the names of places
  // How often the files are looked at; a new one is in use after twice that.
  std::chrono::milliseconds look_every{1000};
  logs_sdk::ThreadTime thread_time = logs_sdk::thread_time;  // what the rules are measured by
};

class Enricher {
 public:
  enum class File { kCity, kIsp };
  // Told once of each version of a file; from the caller's thread at first, then from the enricher's.
  using OnVersion = std::function<void(File, const logs_sdk::Status&)>;

  explicit Enricher(
      EnricherOptions options, OnVersion on_version = [](File, const logs_sdk::Status&) {});
  ~Enricher();
  Enricher(const Enricher&) = delete;
  Enricher& operator=(const Enricher&) = delete;

  // `request_headers` as the field of an entry; `time` is that of its post. Empty when none is left for a user agent
  // that is not remembered: hints alone would say something else than hints and rules.
  ClientDescription describe(std::string_view user_agent, std::string_view request_headers, RuleTime& time) const;
  Place locate(std::string_view client_ip) const;
  bool knows_places() const { return city_.state().in_use || isp_.state().in_use; }

  GeoFile::State state(File file) const { return file == File::kCity ? city_.state() : isp_.state(); }
  const UserAgents& user_agents() const { return user_agents_; }

 private:
  void run(const std::stop_token& stop);

  const EnricherOptions options_;
  UserAgents user_agents_;
  GeoFile city_;
  GeoFile isp_;
  std::jthread thread_;  // last: it ends before what it uses
};

// A line for each file that entries cannot be filled from, for `readyz`: "geo-city: no file\n". No paths.
std::string readiness_notes(const Enricher& enricher);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_ENRICHER_H_
