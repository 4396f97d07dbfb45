// GET /api/v1/clients: who posts, what each says of its entries, and whether that agrees with what is stored.
//
//   project    one project's clients only
//
// {"clients":[{"project_slug":"…","instance":"…","sdk_type":"…","sdk_version":"…","sdk_hash":"…","host":"…",
// "peer_address":"…","first_seen":"…","last_seen":"…","batches":n,"ledger":{"captured":n,"delivered":n,"duplicate":n,
// "rejected":n,"dropped":n,"pending":n}|null,"received":{"accepted":n,"duplicate":n,"rejected":n},"verdict":"…",
// "missing":n}],"malformed_headers":n}. The client seen last comes first, at most kMaxClients of them. Verdicts are
// those of ClientVerdict: balanced, waiting, short, unknown. `malformed_headers`: posts since the server's start that
// described their client in a way that cannot be read.
#ifndef LOGS_SERVER_API_CLIENTS_HANDLER_H_
#define LOGS_SERVER_API_CLIENTS_HANDLER_H_

#include <cstdint>
#include <functional>

#include "server/http/router.h"
#include "server/store/store.h"

namespace logs_server {

// `store` outlives the router, and so does what `malformed_headers` counts.
void add_clients_route(Router& router, Store& store, Guard reader, std::function<std::uint64_t()> malformed_headers);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_CLIENTS_HANDLER_H_
