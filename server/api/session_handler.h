// The console's session: POST /api/v1/session changes a token for a cookie, DELETE ends it.
//
// The token comes in the fragment of the console's address, which browsers never send; the page posts it once. The
// cookie is HttpOnly and SameSite=Strict: no script can read it, no other site can have it sent.
#ifndef LOGS_SERVER_API_SESSION_HANDLER_H_
#define LOGS_SERVER_API_SESSION_HANDLER_H_

#include <string_view>

#include "server/http/router.h"

namespace logs_server {

class Registry;

inline constexpr std::string_view kSessionCookie = "logs_session";

// `registry` outlives the router.
void add_session_routes(Router& router, Registry& registry);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_SESSION_HANDLER_H_
