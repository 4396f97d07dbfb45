// Addresses of this process as raw frames: which module each lies in, as the dynamic linker knows it now.
#ifndef LOGS_SDK_SYMBOLS_LOADED_MODULES_H_
#define LOGS_SDK_SYMBOLS_LOADED_MODULES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace logs_sdk::inline v1 {

// One text per address, in the same order; empty for an address that lies in no module (code made at run time, or a
// plug-in that has been unloaded). Thread-safe; throws std::bad_alloc only.
std::vector<std::string> raw_frames(std::span<const std::uintptr_t> addresses);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_LOADED_MODULES_H_
