// ByteBuffer: bytes of one owner in memory that is grown and never shrunk nor zeroed, so that a buffer kept between
// entries soon allocates no more.
//
// Thread-safety: one thread at a time.
#ifndef LOGS_SDK_ENTRY_BYTE_BUFFER_H_
#define LOGS_SDK_ENTRY_BYTE_BUFFER_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace logs_sdk::inline v1 {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;

  // Valid until the buffer is written again or destroyed.
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  void clear() noexcept { size_ = 0; }

  // For writers: they write between begin() and limit() on their own and settle by set_end().
  char* begin() noexcept { return bytes_.get(); }
  char* limit() noexcept { return bytes_.get() + capacity_; }
  void set_end(const char* end) noexcept {
    assert(end >= begin() && end <= limit());
    size_ = static_cast<std::size_t>(end - bytes_.get());
  }
  // grow(), unless so many bytes are free already.
  char* grow_if_less(char* end, std::size_t free_bytes) {
    return static_cast<std::size_t>(limit() - end) >= free_bytes ? end : grow(end, free_bytes);
  }
  // Makes room for `free_bytes` behind `end`, keeps what lies before; the place of `end` after that. Throws
  // std::bad_alloc, the buffer is then as it was.
  char* grow(const char* end, std::size_t free_bytes) {
    const auto used = static_cast<std::size_t>(end - bytes_.get());
    const std::size_t capacity = std::max(used + free_bytes, 2 * capacity_);
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (used > 0) std::memcpy(bytes.get(), bytes_.get(), used);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    return bytes_.get() + used;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_ENTRY_BYTE_BUFFER_H_
