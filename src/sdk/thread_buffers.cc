#include "src/sdk/thread_buffers.h"

#include <utility>

namespace logs_sdk::inline v1 {
namespace {

// Trivial, so that it can be read while and after the thread's other objects are destroyed.
enum class Phase : unsigned char { kNew, kKeeping, kEnding };
thread_local Phase t_phase = Phase::kNew;

struct Kept {
  Kept() noexcept { t_phase = Phase::kKeeping; }
  ~Kept() { t_phase = Phase::kEnding; }
  std::unique_ptr<ThreadBuffers> buffers;
};

// Empty while they are lent: an entry made within the making of another (by the application's on_message) gets new
// ones.
Kept& kept() {
  thread_local Kept kept;
  return kept;
}

}  // namespace

BorrowedBuffers::BorrowedBuffers() {
  if (t_phase != Phase::kEnding) buffers_ = std::move(kept().buffers);
  if (buffers_ == nullptr) buffers_ = std::make_unique<ThreadBuffers>();
}

BorrowedBuffers::~BorrowedBuffers() {
  const auto held = static_cast<std::size_t>(buffers_->bytes.limit() - buffers_->bytes.begin());
  if (t_phase == Phase::kEnding || held > ThreadBuffers::kMaxKeptBytes) return;
  buffers_->scratch.reset();
  kept().buffers = std::move(buffers_);
}

}  // namespace logs_sdk::inline v1
