// Who may ingest: whoever shows a project's public key (X-API-Key) and its secret (X-API-Secret), as much as that key
// may.
#ifndef LOGS_SERVER_API_INGEST_GUARD_H_
#define LOGS_SERVER_API_INGEST_GUARD_H_

#include "server/http/router.h"

namespace logs_server {

class KeyLimits;
class Registry;

// Whether a request may do without the secret, which the older clients never send: a wrong one is refused either way.
enum class MissingSecret { kAccepted, kRefusedUnlessProjectAllows };

// Names the key, and its project as the request's principal. Refuses with 401; with 429 and the time to wait when the
// key has sent too much. Both outlive it.
Guard ingest_guard(Registry& registry, KeyLimits& limits, MissingSecret missing_secret);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_INGEST_GUARD_H_
