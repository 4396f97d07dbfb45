#include "src/symbols/code_place.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::string_view kThrowing[] = {"std::__throw_",
                                          "std::throw_with_nested",
                                          "std::make_exception_ptr",
                                          "std::__exception_ptr::",
                                          "boost::throw_exception",
                                          "boost::exception_detail::throw_exception_",
                                          "boost::asio::detail::throw_exception",
                                          "boost::asio::detail::throw_error",
                                          "boost::asio::detail::do_throw_error",
                                          "__cxa_"};

}  // namespace

// The last space that stands within no brackets, before the parameters: `(anonymous namespace)` and `operator()` have
// brackets and are part of the name, so parameters are brackets that follow neither a start nor `operator` nor `::`.
std::string_view without_return_type(std::string_view demangled) noexcept {
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < demangled.size(); ++i) {
    const std::string_view name = demangled.substr(begin, i - begin);
    if (name.ends_with("operator")) return demangled.substr(begin);
    if (depth == 0 && demangled[i] == '(' && !name.empty() && !name.ends_with("::")) break;
    if (demangled[i] == '<' || demangled[i] == '(') ++depth;
    if (demangled[i] == '>' || demangled[i] == ')') --depth;
    if (depth == 0 && demangled[i] == ' ') begin = i + 1;
  }
  return demangled.substr(begin);
}

bool only_throws(const CodePlace& place) noexcept {
  const std::string_view name = without_return_type(place.function);
  return std::any_of(std::begin(kThrowing), std::end(kThrowing),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_ours(const CodePlace& place) noexcept {
  return without_return_type(place.function).starts_with("logs_sdk::v1::");
}

}  // namespace logs_sdk::inline v1
