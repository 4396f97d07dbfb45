// ForkWatch: tells the spools of this process that they are in a forked child now.
//
// The child owns copies of the parent's descriptors. Closing them at once matters: the lock of a spool directory is
// held until its last descriptor is closed, so a child that kept it would keep the entries of its dead parent from
// shipping. Nothing is done before a fork and nothing in the parent, so no lock of ours can stand in the way of fork().
#ifndef LOGS_SDK_SDK_FORK_WATCH_H_
#define LOGS_SDK_SDK_FORK_WATCH_H_

#include <cstddef>

#include "src/spool/spool.h"

namespace logs_sdk::inline v1 {

class ForkWatch {
 public:
  // An application has one LogSDK, sometimes two. Beyond this number a child keeps what it inherited until it ends.
  static constexpr std::size_t kMaxWatched = 64;

  // While this lives, Spool::abandon_after_fork() of `spool` is called in every forked child, by the handler of fork.
  explicit ForkWatch(Spool& spool) noexcept;
  ~ForkWatch();
  ForkWatch(const ForkWatch&) = delete;
  ForkWatch& operator=(const ForkWatch&) = delete;

 private:
  std::size_t place_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_FORK_WATCH_H_
