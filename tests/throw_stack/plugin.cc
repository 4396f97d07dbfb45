// A library that an application opens at run time, and that throws.
#include "tests/throw_stack/nested_throw.h"

namespace plugin {

[[gnu::noinline]] void price(int amount) {
  shop::charge_card(amount);
  asm volatile("");  // no tail call
}

}  // namespace plugin

extern "C" [[gnu::visibility("default")]] void plugin_throw() {
  plugin::price(7);
  asm volatile("");
}
