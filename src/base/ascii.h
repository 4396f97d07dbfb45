// Classes of ASCII characters, without the locale.
#ifndef LOGS_SDK_BASE_ASCII_H_
#define LOGS_SDK_BASE_ASCII_H_

namespace logs_sdk::inline v1 {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) noexcept { return is_upper(c) || is_lower(c); }
constexpr bool is_alphanumeric(char c) noexcept { return is_digit(c) || is_letter(c); }
constexpr bool is_hex_letter(char c) noexcept { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
constexpr bool is_space(char c) noexcept { return is_blank(c) || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
constexpr char to_lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }
// base64url and the characters that keys are joined with.
constexpr bool is_key_character(char c) noexcept { return is_alphanumeric(c) || c == '_' || c == '-'; }
// What the name of a parameter or field is made of.
constexpr bool is_name_character(char c) noexcept {
  return is_key_character(c) || c == '.' || c == '[' || c == ']' || c == '$' || c == '%';
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_ASCII_H_
