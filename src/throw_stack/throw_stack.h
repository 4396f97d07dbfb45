// The throw stack: where the exceptions of this process were thrown.
//
// An optional library. An application that links it gets `__cxa_throw` noted on its way: the addresses on the stack of
// the throw are kept for as long as the exception lives, found by its address, in whichever thread it is then. The rest
// of the library knows it by this one function, weakly, and does without where it is not linked.
//
// Cost: a table of fixed size in memory that is touched only where exceptions are thrown; each throw walks the stack
// once more (docs/benchmarks.md). Nothing is allocated, locked or thrown, and nothing is known of the unwinding itself:
// foreign exceptions, forced unwinding (a cancelled thread) and rethrowing pass as without us.
#ifndef LOGS_SDK_THROW_STACK_THROW_STACK_H_
#define LOGS_SDK_THROW_STACK_THROW_STACK_H_

#include <cstddef>
#include <cstdint>

// Writes the addresses on the stack on which the exception object at `exception` was thrown, or made by
// std::make_exception_ptr, to `frames`, the innermost first; how many. Each lies within the instruction that called.
// 0: none were noted, or the exception was thrown so long ago, while so many others lived, that they were given up.
// The caller keeps the exception alive during the call. Thread-safe.
extern "C" __attribute__((visibility("default"))) std::size_t logs_sdk_throw_frames(const void* exception,
                                                                                    std::uintptr_t* frames,
                                                                                    std::size_t max) noexcept;

#endif  // LOGS_SDK_THROW_STACK_THROW_STACK_H_
