// What a reader is answered when the store fails.
#ifndef LOGS_SERVER_API_STORE_FAILURE_H_
#define LOGS_SERVER_API_STORE_FAILURE_H_

#include "server/http/response.h"
#include "src/base/status.h"

namespace logs_server {

// 503 with Retry-After for what passes. 500 for what only a person can mend; the reason, which names files, is for the
// server's own log.
Response store_failure(const logs_sdk::Status& status);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_STORE_FAILURE_H_
