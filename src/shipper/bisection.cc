#include "src/shipper/bisection.h"

#include <algorithm>
#include <cassert>

namespace logs_sdk::inline v1 {

std::size_t Bisection::next() const noexcept {
  if (suspects_ > 0) return std::max<std::size_t>(1, suspects_ / 2);
  return refused_in_a_row_ >= kInARow ? std::min<std::size_t>(1, waiting_) : waiting_;
}

void Bisection::taken(std::size_t count) noexcept {
  assert(count <= waiting_);
  waiting_ -= count;
  suspects_ -= std::min(suspects_, count);
  refused_in_a_row_ = 0;
}

void Bisection::refused(std::size_t count) noexcept {
  assert(count > 0 && count <= waiting_);
  if (count > 1) {
    suspects_ = count;
    return;
  }
  --waiting_;
  suspects_ = 0;
  ++refused_in_a_row_;
}

}  // namespace logs_sdk::inline v1
