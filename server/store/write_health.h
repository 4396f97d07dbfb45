// WriteHealth: whether a store can write, told when it changes and whenever somebody asks.
//
// A full disk or a folder that became read-only is an episode: it is told once when it begins and once when it ends,
// not with every append that it fails. Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_STORE_WRITE_HEALTH_H_
#define LOGS_SERVER_STORE_WRITE_HEALTH_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "src/base/clock.h"
#include "src/base/status.h"

namespace logs_server {

// Below this an append of usual size may fail at any time.
inline constexpr std::uint64_t kMinFreeBytes = std::uint64_t{1} << 20;
// How long a failed append speaks against the store. Afterwards it counts as ready again, for whoever sends posts only
// to servers that are ready would otherwise never find out that it has recovered.
inline constexpr std::chrono::seconds kFailureCounts{10};

class WriteHealth {
 public:
  // Gets the failure that begins an episode, and kOk when an append works again. Must not wait.
  using OnChange = std::function<void(const logs_sdk::Status&)>;

  // `path`: the store's file. `clock` outlives it.
  WriteHealth(std::string path, const logs_sdk::Clock& clock, OnChange on_change);

  void note_append(const logs_sdk::Status& appended);

  // Whether the file can be written now, has room, and no append has just failed. The message names no path.
  logs_sdk::Status check();

 private:
  struct Failure {
    logs_sdk::Status status;
    logs_sdk::SteadyTime at;
  };

  const std::string path_;
  const logs_sdk::Clock& clock_;
  const OnChange on_change_;
  std::mutex mutex_;
  std::optional<Failure> failure_;  // guarded by mutex_: the last one, until an append works
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_WRITE_HEALTH_H_
