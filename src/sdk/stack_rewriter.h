// StackRewriter: makes the stack of an entry readable on its way out. The request thread writes modules and offsets;
// what they mean is looked up here, in the shipper's thread, also for entries that a dead process has left.
//
// Only error_stack and panic_location change, and only lines that are raw frames (src/symbols/raw_frame.h): everything
// else of the entry travels byte for byte as it was captured. A frame of which nothing is found stays as it is.
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SDK_STACK_REWRITER_H_
#define LOGS_SDK_SDK_STACK_REWRITER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "src/symbols/symbolizer.h"

namespace logs_sdk::inline v1 {

class StackRewriter {
 public:
  // `on_missing` is called, each time, when a stack cannot be looked up because there is nothing here to do it.
  StackRewriter(std::size_t max_stack_bytes, std::function<void()> on_missing);

  // `entry`: an exchange or a message as our encoder wrote it. False: it has no raw frames, or nothing was found.
  bool rewrite(std::string_view entry, std::string& out) noexcept;

 private:
  bool rewrite_fields(std::string_view entry, std::string& out);

  const std::size_t max_stack_bytes_;
  const std::function<void()> on_missing_;
  Symbolizer symbolizer_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_STACK_REWRITER_H_
