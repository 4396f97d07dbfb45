#include "src/capture/thrown_stack.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "src/symbols/loaded_modules.h"
#include "src/throw_stack/throw_stack.h"

#pragma weak logs_sdk_throw_frames

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxFrames = 64;

// The address of the exception object is all that an exception_ptr holds, in libstdc++ and libc++ alike; a copy by
// std::rethrow_exception still points to the object that was thrown.
const void* object_of(const std::exception_ptr& exception) noexcept {
  const void* object = nullptr;
  static_assert(sizeof exception == sizeof object);
  std::memcpy(&object, static_cast<const void*>(&exception), sizeof object);
  return object;
}

ThrownStack described(std::span<const std::uintptr_t> innermost_first) {
  ThrownStack stack;
  const std::vector<std::string> frames = raw_frames(innermost_first);
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    if (frame->empty()) continue;
    if (!stack.frames.empty()) stack.frames += '\n';
    stack.frames += *frame;
    stack.location = *frame;
  }
  return stack;
}

}  // namespace

ThrownStack thrown_stack(const std::exception_ptr& exception) noexcept {
  if (&logs_sdk_throw_frames == nullptr || exception == nullptr) return {};
  std::array<std::uintptr_t, kMaxFrames> addresses;
  const std::size_t count = logs_sdk_throw_frames(object_of(exception), addresses.data(), addresses.size());
  try {
    return count == 0 ? ThrownStack() : described(std::span(addresses.data(), count));
  } catch (...) {
    return {};
  }
}

}  // namespace logs_sdk::inline v1
