// Where an exception was thrown, when the application links the optional library that notes it (src/throw_stack).
#ifndef LOGS_SDK_CAPTURE_THROWN_STACK_H_
#define LOGS_SDK_CAPTURE_THROWN_STACK_H_

#include <exception>
#include <string>

namespace logs_sdk::inline v1 {

struct ThrownStack {
  std::string frames;    // raw frames (src/symbols/raw_frame.h), a line each, the newest last
  std::string location;  // the newest
};

// Empty where the library is not linked, knows nothing of this exception, or memory has run out: what was thrown is
// then std::bad_alloc as a rule, and its entry matters more than its stack.
ThrownStack thrown_stack(const std::exception_ptr& exception) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_THROWN_STACK_H_
