#include "logs_sdk/current_exchange.h"

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace logs_sdk::inline v1 {
namespace {

constinit thread_local Exchange* t_current = nullptr;

// Bytes, and an object made in them each time: one with a destructor would be registered by an allocation, and what a
// mistake has moved into it must not be there for the next request.
alignas(Exchange) constinit thread_local std::array<std::byte, sizeof(Exchange)> t_inert{};

}  // namespace

Exchange& current_exchange() noexcept { return t_current != nullptr ? *t_current : *new (t_inert.data()) Exchange(); }

Exchange* set_current_exchange(Exchange* exchange) noexcept { return std::exchange(t_current, exchange); }

}  // namespace logs_sdk::inline v1
