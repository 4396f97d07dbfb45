// CodePlace: a function and where in its source, as a person reads a stack.
#ifndef LOGS_SDK_SYMBOLS_CODE_PLACE_H_
#define LOGS_SDK_SYMBOLS_CODE_PLACE_H_

#include <string>
#include <string_view>

namespace logs_sdk::inline v1 {

struct CodePlace {
  std::string function;  // demangled, with its parameters; bounded
  std::string file;      // empty without debug information
  int line = 0;
};

// Of a demangled name the function's own, without return type: of `void a::f<int>(a::T<b c>)` it is `a::f<int>(…`.
std::string_view without_return_type(std::string_view demangled) noexcept;

// Functions of the C++ runtime, its library and Boost that do nothing but throw: who called them is what one looks for.
bool only_throws(const CodePlace& place) noexcept;
// Functions of this library: between the framework and the handler they say nothing about the application.
bool is_ours(const CodePlace& place) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_CODE_PLACE_H_
