// The console's session: POST /api/v1/session changes a token for a cookie, DELETE ends it.
//
// The token comes in the fragment of the console's address, which browsers never send; the page posts it once. The
// cookie is HttpOnly and SameSite=Strict: no script can read it, no other site can have it sent. It is Secure when the
// proxy before us says that the browser spoke https with it; without one we speak http, and Secure would keep it away.
#ifndef LOGS_SERVER_API_SESSION_HANDLER_H_
#define LOGS_SERVER_API_SESSION_HANDLER_H_

#include <string>

#include "server/http/router.h"

namespace logs_server {

class Registry;

// "logs_session_<port>", the port being the one in Host: browsers share the cookies of a host between its ports, and
// two servers on one machine must not sign each other's readers out. Without a port "logs_session".
std::string session_cookie(const Request& request);

// `registry` outlives the router.
void add_session_routes(Router& router, Registry& registry);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_SESSION_HANDLER_H_
