// Hexadecimal digits: written in lower case, read in either.
#ifndef LOGS_SDK_BASE_HEX_H_
#define LOGS_SDK_BASE_HEX_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

// Writes two digits for each byte at `out`.
void write_hex(std::span<const std::uint8_t> bytes, char* out) noexcept;
// Writes sixteen digits at `out`, the most significant first.
void write_hex(std::uint64_t value, char* out) noexcept;

std::string to_hex(std::span<const std::uint8_t> bytes);
std::string to_hex(std::uint64_t value);

// 0 to 15, or -1 when `digit` is none.
int hex_value(char digit) noexcept;
// Not empty and nothing but digits.
bool is_hex(std::string_view text) noexcept;
// Reads exactly two digits for each byte of `out`. False, `out` unspecified, when `text` is anything else.
bool parse_hex(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_HEX_H_
