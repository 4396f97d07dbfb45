// The functions of the C++ runtime for a program into which libstdc++ is linked (-static-libstdc++, -static): the
// linker's --wrap leads every call to these (src/throw_stack/cxa_throw.cc says what each is). A second definition of
// them would clash there with the first.
//
// Calls within a shared library that has a runtime of its own are not seen.
#include "src/throw_stack/throw_note.h"
#include "src/throw_stack/throw_stack.h"

extern "C" {

using Destroy = void (*)(void*);

[[noreturn]] void __real___cxa_throw(void* exception, void* type, Destroy destroy);
void* __real___cxa_init_primary_exception(void* exception, void* type, Destroy destroy) noexcept;
void __real___cxa_free_exception(void* exception) noexcept;

[[noreturn]] void __wrap___cxa_throw(void* exception, void* type, Destroy destroy) {
  logs_sdk::note_throw(exception, __builtin_return_address(0));
  __real___cxa_throw(exception, type, destroy);
}

void* __wrap___cxa_init_primary_exception(void* exception, void* type, Destroy destroy) noexcept {
  logs_sdk::note_made(exception, __builtin_return_address(0));
  return __real___cxa_init_primary_exception(exception, type, destroy);
}

void __wrap___cxa_free_exception(void* exception) noexcept {
  logs_sdk::forget_throw(exception);
  __real___cxa_free_exception(exception);
}

std::size_t logs_sdk_throw_frames(const void* exception, std::uintptr_t* frames, std::size_t max) noexcept {
  return logs_sdk::noted_frames(exception, frames, max);
}

}  // extern "C"
