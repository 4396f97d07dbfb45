// The functions of the C++ runtime as the program and its libraries call them: defined in the program, so that the
// dynamic linker finds them before those of the shared libstdc++, which then do the work.
//
// `__cxa_throw` is every throw; `__cxa_init_primary_exception` is std::make_exception_ptr, and the inside of a throw;
// `__cxa_free_exception` is the end of every exception, whoever held it last. None of them is noexcept but the last
// two, as in the runtime: the unwinding passes the frame of the first.
#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "src/throw_stack/throw_note.h"
#include "src/throw_stack/throw_stack.h"

namespace {

using Destroy = void (*)(void*);
using Throw = void (*)(void*, void*, Destroy);
using InitPrimary = void* (*)(void*, void*, Destroy);
using Free = void (*)(void*);

// The runtime's own function, asked for once. There is no going on without it.
template <typename Function>
Function runtimes_own(std::atomic<Function>& known, const char* name) noexcept {
  Function function = known.load(std::memory_order_relaxed);
  if (function != nullptr) return function;
  function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
  if (function == nullptr) {
    constexpr char kWhy[] =
        "logs_sdk::throw_stack: there is no shared C++ runtime behind this program; link "
        "logs_sdk::throw_stack_static_runtime instead\n";
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kWhy, std::strlen(kWhy));
    std::abort();
  }
  known.store(function, std::memory_order_relaxed);
  return function;
}

constinit std::atomic<Throw> g_throw{nullptr};
constinit std::atomic<InitPrimary> g_init_primary{nullptr};
constinit std::atomic<Free> g_free{nullptr};

// Before the first exception, as a rule: dlsym may need memory, and std::bad_alloc is an exception, too.
[[gnu::constructor]] void find_runtime() {
  runtimes_own(g_throw, "__cxa_throw");
  runtimes_own(g_init_primary, "__cxa_init_primary_exception");
  runtimes_own(g_free, "__cxa_free_exception");
}

}  // namespace

extern "C" {

// By names of our own, since compilers and headers declare the runtime's with types that are theirs.
[[noreturn, gnu::visibility("default")]] void logs_sdk_throw(void* exception, void* type,
                                                             Destroy destroy) __asm__("__cxa_throw");
[[gnu::visibility("default")]] void* logs_sdk_init_primary(void* exception, void* type, Destroy destroy) noexcept
    __asm__("__cxa_init_primary_exception");
[[gnu::visibility("default")]] void logs_sdk_free(void* exception) noexcept __asm__("__cxa_free_exception");

void logs_sdk_throw(void* exception, void* type, Destroy destroy) {
  logs_sdk::note_throw(exception, __builtin_return_address(0));
  runtimes_own(g_throw, "__cxa_throw")(exception, type, destroy);
  __builtin_unreachable();
}

void* logs_sdk_init_primary(void* exception, void* type, Destroy destroy) noexcept {
  logs_sdk::note_made(exception, __builtin_return_address(0));
  return runtimes_own(g_init_primary, "__cxa_init_primary_exception")(exception, type, destroy);
}

void logs_sdk_free(void* exception) noexcept {
  logs_sdk::forget_throw(exception);
  runtimes_own(g_free, "__cxa_free_exception")(exception);
}

std::size_t logs_sdk_throw_frames(const void* exception, std::uintptr_t* frames, std::size_t max) noexcept {
  return logs_sdk::noted_frames(exception, frames, max);
}

}  // extern "C"
