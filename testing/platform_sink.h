// PlatformSink: a platform on loopback that keeps the entries it is sent and answers with verdicts; an entry that comes
// again is a duplicate. It knows which of the two addresses an entry came to. For tests that go the whole way:
// application, spool, shipper, HTTP.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_TESTING_PLATFORM_SINK_H_
#define LOGS_SDK_TESTING_PLATFORM_SINK_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "testing/scripted_http_server.h"

namespace logs_sdk::inline v1 {

class PlatformSink {
 public:
  using Json = nlohmann::json;
  // Far above what a loaded machine needs: a test that is short of an entry fails instead of hanging.
  static constexpr std::chrono::seconds kPatience{30};

  // Unless it listens, connections are refused until server().listen_now().
  explicit PlatformSink(bool listens = true)
      : server_([this](const RecordedRequest& request) { return take(request); }, listens) {}

  std::string url() const { return server_.url(); }
  ScriptedHttpServer& server() { return server_; }

  // While it is down it answers 503 and takes nothing.
  void set_down(bool down) {
    const std::lock_guard lock(mutex_);
    down_ = down;
  }

  // The entries so far, in the order in which they came, each once.
  std::vector<Json> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }
  // Those among them that came to the address of infrastructure entries.
  std::vector<Json> infra_entries() const {
    const std::lock_guard lock(mutex_);
    return infra_entries_;
  }
  std::size_t duplicates() const {
    const std::lock_guard lock(mutex_);
    return duplicates_;
  }
  // Blocks until `count` different entries have come.
  std::vector<Json> await_entries(std::size_t count) const {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return entries_.size() >= count; })) {
      throw std::runtime_error("only " + std::to_string(entries_.size()) + " of " + std::to_string(count) +
                               " entries came");
    }
    return entries_;
  }

  // The answer to a request of a test's own making.
  ScriptedReply take(const RecordedRequest& request) {
    const Json batch = Json::parse(request.body);
    std::size_t accepted = 0, duplicate = 0;
    const std::lock_guard lock(mutex_);
    if (down_) return {.status = 503};
    for (const Json& entry : batch.at("logs")) {
      if (uuids_.insert(entry.at("uuid").get<std::string>()).second) {
        entries_.push_back(entry);
        if (request.target.ends_with("/infra-logs")) infra_entries_.push_back(entry);
        ++accepted;
      } else {
        ++duplicate;
      }
    }
    duplicates_ += duplicate;
    changed_.notify_all();
    return verdicts(request, accepted, duplicate);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Json> entries_;        // guarded by mutex_
  std::vector<Json> infra_entries_;  // guarded by mutex_
  std::set<std::string> uuids_;      // guarded by mutex_
  bool down_ = false;                // guarded by mutex_
  std::size_t duplicates_ = 0;       // guarded by mutex_
  ScriptedHttpServer server_;        // last: its threads end before what they use
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_PLATFORM_SINK_H_
