// The input of a fuzzer as lines `name = value`, the way the golden cases are written (testing/golden/README.md): each
// of those is a seed, and what a fuzzer finds can be read. Any bytes are such lines: what cannot be read stands for
// itself.
#ifndef LOGS_SDK_FUZZ_SUPPORT_INPUT_LINES_H_
#define LOGS_SDK_FUZZ_SUPPORT_INPUT_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace logs_sdk::fuzz {

// Of all values together: repetitions make long ones of few bytes.
inline constexpr std::size_t kMaxInputBytes = 512 * 1024;

struct InputLine {
  std::string_view name;  // up to the first space: "tag.integer"
  std::string argument;   // what follows it, unescaped: the name of the tag
  std::string value;      // unescaped
};

// Views into `text`.
std::vector<InputLine> read_lines(std::string_view text);

std::string unescaped(std::string_view text, std::size_t max_bytes);
// So that unescaped() gives `text` again, on one line.
std::string escaped(std::string_view text);

// The whole number at the beginning of a value, 0 if there is none.
std::int64_t number_in(std::string_view text);

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_INPUT_LINES_H_
