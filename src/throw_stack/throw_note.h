// What the interposed functions of the C++ runtime do besides what they do: note where an exception was thrown, and
// forget it with the exception.
#ifndef LOGS_SDK_THROW_STACK_THROW_NOTE_H_
#define LOGS_SDK_THROW_STACK_THROW_NOTE_H_

#include <cstddef>
#include <cstdint>

namespace logs_sdk::inline v1 {

// `return_address`: of the interposed function, where the stack of the application begins.
void note_throw(const void* exception, const void* return_address) noexcept;
// The same where the exception is made and not thrown. The runtime also comes this way on a throw, within it.
void note_made(const void* exception, const void* return_address) noexcept;
void forget_throw(const void* exception) noexcept;
// logs_sdk_throw_frames(): defined beside the interposed functions, so that asking the linker for it brings them.
std::size_t noted_frames(const void* exception, std::uintptr_t* frames, std::size_t max) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_THROW_STACK_THROW_NOTE_H_
