#include "logs_sdk/current_exchange.h"

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace logs_sdk::inline v1 {
namespace {

constinit thread_local Exchange* t_current = nullptr;

// Bytes, and an object made in them: one with a destructor would be registered by an allocation.
alignas(Exchange) constinit thread_local std::array<std::byte, sizeof(Exchange)> t_inert{};
constinit thread_local Exchange* t_made = nullptr;

// What a mistake has moved into it ends here as abandoned, and is not there for the next request.
Exchange& inert() noexcept {
  if (t_made == nullptr) t_made = new (t_inert.data()) Exchange();
  if (*t_made) *t_made = Exchange();
  return *t_made;
}

}  // namespace

Exchange& current_exchange() noexcept { return t_current != nullptr ? *t_current : inert(); }

Exchange* set_current_exchange(Exchange* exchange) noexcept { return std::exchange(t_current, exchange); }

}  // namespace logs_sdk::inline v1
