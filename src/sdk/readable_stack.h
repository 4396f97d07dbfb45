// A stack as a person reads it, from raw frames and what is known of them.
#ifndef LOGS_SDK_SDK_READABLE_STACK_H_
#define LOGS_SDK_SDK_READABLE_STACK_H_

#include <string>
#include <string_view>
#include <vector>

#include "src/symbols/code_place.h"

namespace logs_sdk::inline v1 {

struct ReadableStack {
  std::string stack;     // a line each, the newest last
  std::string location;  // the newest that is not part of throwing
};

// `lines` from the oldest to the newest, `places` as Symbolizer gives them for these lines. A line of which nothing is
// known stays as it is. Left out: at the end the functions that only throw, and everywhere those of this library.
ReadableStack readable_stack(const std::vector<std::string_view>& lines,
                             const std::vector<std::vector<CodePlace>>& places);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_READABLE_STACK_H_
