// RawFrame: a place in machine code that means the same in another process and after this one: the file it was loaded
// from, the address within that file, and the build id that tells whether the file is still the same.
//
// As text one line, `<module>+0x<offset> [<build id>]`: what addr2line and gdb take. A module without a build id has
// empty brackets.
#ifndef LOGS_SDK_SYMBOLS_RAW_FRAME_H_
#define LOGS_SDK_SYMBOLS_RAW_FRAME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct RawFrame {
  std::string_view module;    // path of the file
  std::uint64_t offset = 0;   // address as the file counts, whatever it was loaded at
  std::string_view build_id;  // lower-case hex
};

void append_raw_frame(const RawFrame& frame, std::string& out);

// The frame that `line` is, as views of it; none when it is anything else.
std::optional<RawFrame> parse_raw_frame(std::string_view line) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_RAW_FRAME_H_
