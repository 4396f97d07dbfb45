// Fork generation: a number that differs between a process and the children it forks, at the price of one load.
//
// getpid() is a system call; this is not, and a pid can come again while a generation within one line of descent
// cannot. Thread-safety: every call from any thread.
#ifndef LOGS_SDK_BASE_FORK_GENERATION_H_
#define LOGS_SDK_BASE_FORK_GENERATION_H_

#include <cstdint>

namespace logs_sdk::inline v1 {

// Counts from 1. The first call registers the handler that counts on in a child, so a process that is to notice its
// fork calls it before.
std::uint32_t fork_generation() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_FORK_GENERATION_H_
