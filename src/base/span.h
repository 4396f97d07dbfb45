// Span: a piece of a text by its place; empty when nothing was found.
#ifndef LOGS_SDK_BASE_SPAN_H_
#define LOGS_SDK_BASE_SPAN_H_

#include <cstddef>

namespace logs_sdk::inline v1 {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const noexcept { return begin == end; }
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_SPAN_H_
