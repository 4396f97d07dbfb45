// CommitMeasure: how one commit went, for whoever measures.
#ifndef LOGS_SERVER_STORE_COMMIT_MEASURE_H_
#define LOGS_SERVER_STORE_COMMIT_MEASURE_H_

#include <chrono>
#include <cstddef>

namespace logs_server {

struct CommitMeasure {
  std::chrono::microseconds duration{};
  std::size_t accepted = 0;
  std::size_t duplicate = 0;
  bool failed = false;  // nothing was stored
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_COMMIT_MEASURE_H_
