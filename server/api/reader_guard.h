// Who may read: whoever shows the admin token (Authorization: Bearer …) or a session cookie that was made from it.
//
// A cookie counts only for our own page: SameSite=Strict keeps it from other sites, but another port of this host is
// the same site. Browsers say in Sec-Fetch-Site which page asks; older ones, which do not, still show no answer to it.
#ifndef LOGS_SERVER_API_READER_GUARD_H_
#define LOGS_SERVER_API_READER_GUARD_H_

#include "server/http/router.h"

namespace logs_server {

class Registry;

// The guard of every route that shows stored entries. `registry` outlives it. Refuses with 401. Names as principal
// the token, or the one that the session was made from, by an id that tells nothing of it: readers take turns by it.
Guard reader_guard(Registry& registry);

// The same without the cookie: for what only the token itself may do.
Guard token_guard(Registry& registry);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_READER_GUARD_H_
