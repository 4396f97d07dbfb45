// Bisection: which of the records that wait in line should travel in the next request, so that those which the platform
// refuses are found and all others are taken.
//
// A refusal of several says only that one of them is bad. The front half is tried next, until a record that travels
// alone is refused: that one is bad, and only that one. So a single bad record among n costs, beside the first refusal,
// at most ceil(log2 n) + 2 requests, and those that are taken deliver what they carry. Where bad ones come in a row,
// they are tried one by one, so that n bad records cost n requests and not n log n.
// Thread-safety: none; a value.
#ifndef LOGS_SDK_SHIPPER_BISECTION_H_
#define LOGS_SDK_SHIPPER_BISECTION_H_

#include <cstddef>

namespace logs_sdk::inline v1 {

class Bisection {
 public:
  explicit Bisection(std::size_t count = 0) noexcept : waiting_(count) {}

  // Of the records that wait, so many should travel next: all of them unless one is suspected. 0: none waits.
  std::size_t next() const noexcept;
  // The platform took the first `count`. Fewer than next() may have travelled.
  void taken(std::size_t count) noexcept;
  // The platform refused the first `count` together. Of one alone this ends its waiting.
  void refused(std::size_t count) noexcept;

 private:
  static constexpr int kInARow = 2;  // refused alone, one after the other: from then on each travels alone

  std::size_t waiting_;
  std::size_t suspects_ = 0;  // the first so many were refused together
  int refused_in_a_row_ = 0;  // that travelled alone, with none taken since
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_BISECTION_H_
