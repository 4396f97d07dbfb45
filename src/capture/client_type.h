// Which kind of client a request comes from.
#ifndef LOGS_SDK_CAPTURE_CLIENT_TYPE_H_
#define LOGS_SDK_CAPTURE_CLIENT_TYPE_H_

#include <cstdint>
#include <string_view>

#include "src/capture/exchange_state.h"

namespace logs_sdk::inline v1 {

enum class ClientType : std::uint8_t { kWeb, kMiniProgram, kApp, kServer, kOther };

// "web", "miniprogram", "app", "server", "other".
std::string_view client_type_name(ClientType type) noexcept;

// By the request's headers: the first rule that applies wins.
ClientType client_type(const ExchangeState& state) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CLIENT_TYPE_H_
