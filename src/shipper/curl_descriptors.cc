#include "src/shipper/curl_descriptors.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "src/base/all_signals_blocked.h"
#include "src/base/random.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr unsigned kFirstThatCloses = 0x080900;
// Calls that wake a handle write a byte each. Another descriptor that was made this instant and holds just as many is
// not to be expected, and none that loses them when the handle is polled.
constexpr int kWakeups = 29;
constexpr int kMaxDescriptor = 1 << 16;  // numbers that are looked at; the pair has the lowest that were free

pthread_mutex_t g_pair_is_made = PTHREAD_MUTEX_INITIALIZER;

// While it stands, other threads' fork() waits. No handler of a signal may fork in this thread meanwhile: it would wait
// for itself.
class NoFork {
 public:
  NoFork() noexcept {
    static const int kRegistered =
        pthread_atfork([] { pthread_mutex_lock(&g_pair_is_made); }, [] { pthread_mutex_unlock(&g_pair_is_made); },
                       [] { pthread_mutex_unlock(&g_pair_is_made); });
    static_cast<void>(kRegistered);  // a failure (no memory) leaves what posix_spawn() may meet in any case
    pthread_mutex_lock(&g_pair_is_made);
  }
  ~NoFork() { pthread_mutex_unlock(&g_pair_is_made); }
  NoFork(const NoFork&) = delete;
  NoFork& operator=(const NoFork&) = delete;

 private:
  const AllSignalsBlocked blocked_;
};

bool is_inherited(int fd) noexcept {
  const int flags = fcntl(fd, F_GETFD);
  return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

// An end of a pipe, or a stream socket that does not leave the machine: what libcurl makes its pairs of.
bool may_be_of_a_pair(int fd, struct stat& status) noexcept {
  if (!is_inherited(fd) || fstat(fd, &status) != 0) return false;
  if (S_ISFIFO(status.st_mode)) return true;
  int domain = 0, type = 0;
  socklen_t size = sizeof domain;
  return S_ISSOCK(status.st_mode) && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
         getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

int waiting_bytes(int fd) noexcept {
  int waiting = 0;
  return ioctl(fd, FIONREAD, &waiting) == 0 ? waiting : 0;
}

// The first descriptor for which `is` holds, from `from` upwards and then from 0; -1: none.
template <typename Is>
int find_descriptor(int from, Is is) noexcept {
  for (int step = 0; step < kMaxDescriptor; ++step) {
    const int fd = (from + step) % kMaxDescriptor;
    if (is(fd)) return fd;
  }
  return -1;
}

int lowest_free() noexcept {
  const int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (fd >= 0) close(fd);
  return fd >= 0 ? fd : 0;
}

// The end on which a new handle is woken.
int woken_end(CURLM* multi, int from) noexcept {
  for (int i = 0; i < kWakeups; ++i) curl_multi_wakeup(multi);
  struct stat status = {};
  const int found =
      find_descriptor(from, [&](int fd) { return may_be_of_a_pair(fd, status) && waiting_bytes(fd) == kWakeups; });
  curl_multi_poll(multi, nullptr, 0, 0, nullptr);
  return found >= 0 && waiting_bytes(found) == 0 ? found : -1;
}

// Both ends of a pipe are one file. Of two sockets the other is the one that gets what is written here; libcurl reads
// only `end`, so nobody takes it away.
int other_end(int end, const struct stat& of_end) noexcept {
  struct stat status = {};
  if (S_ISFIFO(of_end.st_mode)) {
    return find_descriptor(end + 1, [&](int fd) {
      return fd != end && may_be_of_a_pair(fd, status) && status.st_ino == of_end.st_ino &&
             status.st_dev == of_end.st_dev;
    });
  }
  std::array<std::uint64_t, 2> sent = {system_random().next(), system_random().next()}, seen = {};
  if (send(end, sent.data(), sizeof sent, MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof sent) return -1;
  const int found = find_descriptor(end + 1, [&](int fd) {
    return may_be_of_a_pair(fd, status) && waiting_bytes(fd) == sizeof seen &&
           recv(fd, seen.data(), sizeof seen, MSG_PEEK | MSG_DONTWAIT) == sizeof seen && seen == sent;
  });
  if (found >= 0) static_cast<void>(recv(found, seen.data(), sizeof seen, MSG_DONTWAIT));
  return found;
}

void close_pair_on_exec(int end) noexcept {
  struct stat status = {};
  if (end < 0 || !may_be_of_a_pair(end, status)) return;
  const int other = other_end(end, status);
  fcntl(end, F_SETFD, FD_CLOEXEC);
  if (other >= 0) fcntl(other, F_SETFD, FD_CLOEXEC);
}

}  // namespace

bool curl_leaves_open() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num < kFirstThatCloses; }

CURLM* make_multi() noexcept {
  if (!curl_leaves_open()) return curl_multi_init();
  const NoFork held;
  const int from = lowest_free();
  CURLM* const multi = curl_multi_init();
  if (multi != nullptr) close_pair_on_exec(woken_end(multi, from));
  return multi;
}

void close_lookup_on_exec(CURLM* multi) noexcept {
  fd_set reading, writing, failing;
  FD_ZERO(&reading);
  FD_ZERO(&writing);
  FD_ZERO(&failing);
  int last = -1;
  if (curl_multi_fdset(multi, &reading, &writing, &failing, &last) != CURLM_OK) return;
  for (int fd = 0; fd <= last; ++fd) {
    if (FD_ISSET(fd, &reading)) close_pair_on_exec(fd);
  }
}

}  // namespace logs_sdk::inline v1
