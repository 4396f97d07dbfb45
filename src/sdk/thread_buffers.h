// ThreadBuffers: the memory in which a thread builds an entry, kept between entries so that capture allocates nothing
// in the steady state.
#ifndef LOGS_SDK_SDK_THREAD_BUFFERS_H_
#define LOGS_SDK_SDK_THREAD_BUFFERS_H_

#include <cstddef>
#include <memory>

#include "src/capture/capture_scratch.h"
#include "src/entry/byte_buffer.h"

namespace logs_sdk::inline v1 {

struct ThreadBuffers {
  // A thread keeps no more than this for its next entry; the usual one has about 2.5 KB.
  static constexpr std::size_t kMaxKeptBytes = 64 * 1024;

  CaptureScratch scratch;
  ByteBuffer bytes;
};

// Lends the calling thread's buffers. A thread that is ending has given its own back already (an exchange may be
// finished by the destructor of another thread-local object) and gets some for this one use.
class BorrowedBuffers {
 public:
  BorrowedBuffers();  // throws std::bad_alloc
  ~BorrowedBuffers();
  BorrowedBuffers(const BorrowedBuffers&) = delete;
  BorrowedBuffers& operator=(const BorrowedBuffers&) = delete;

  ThreadBuffers& operator*() const noexcept { return *buffers_; }
  ThreadBuffers* operator->() const noexcept { return buffers_.get(); }

 private:
  std::unique_ptr<ThreadBuffers> buffers_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_THREAD_BUFFERS_H_
