// Functions that throw, to be found again in a stack. Each line of a throw is a constant beside it.
#ifndef LOGS_SDK_TESTS_THROW_STACK_NESTED_THROW_H_
#define LOGS_SDK_TESTS_THROW_STACK_NESTED_THROW_H_

#include <stdexcept>
#include <string>

namespace shop {

inline constexpr int kThrowLine = __LINE__ + 2;
[[gnu::noinline]] inline void charge_card(int amount) {
  if (amount >= 0) throw std::runtime_error("the card was refused");
}

[[gnu::noinline]] inline std::string place_order(int amount) {
  charge_card(amount);
  return "placed";  // no tail call
}

}  // namespace shop

#endif  // LOGS_SDK_TESTS_THROW_STACK_NESTED_THROW_H_
