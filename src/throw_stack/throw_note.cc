#include "src/throw_stack/throw_note.h"

#include <unwind.h>

#include <cstdint>

#include "src/throw_stack/throw_table.h"

namespace logs_sdk::inline v1 {
namespace {

// One for the process, as the functions of the runtime are.
constinit ThrowTable g_table;

struct Walk {
  ThrowFrames frames;
  std::uintptr_t begin = 0;  // the return address at which the application's stack begins; 0: it has begun
};

_Unwind_Reason_Code take_frame(_Unwind_Context* context, void* argument) {
  Walk& walk = *static_cast<Walk*>(argument);
  int before_instruction = 0;
  const std::uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);
  if (address == 0) return _URC_END_OF_STACK;
  if (walk.begin != 0 && address != walk.begin) return _URC_NO_REASON;  // still our own
  walk.begin = 0;
  // A return address may be the first one of the next line, or of the next function.
  walk.frames.addresses[walk.frames.count++] = before_instruction != 0 ? address : address - 1;
  return walk.frames.count == ThrowFrames::kMax ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

void note_throw(const void* exception, const void* return_address) noexcept {
  Walk walk;
  walk.begin = reinterpret_cast<std::uintptr_t>(return_address);
  _Unwind_Backtrace(take_frame, &walk);
  if (walk.frames.count > 0) g_table.put(exception, walk.frames);
}

void note_made(const void* exception, const void* return_address) noexcept {
  if (!g_table.holds(exception)) note_throw(exception, return_address);
}

void forget_throw(const void* exception) noexcept { g_table.remove(exception); }

std::size_t noted_frames(const void* exception, std::uintptr_t* frames, std::size_t max) noexcept {
  return g_table.get(exception, frames, max);
}

}  // namespace logs_sdk::inline v1
