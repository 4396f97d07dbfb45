#include "server/api/store_failure.h"

namespace logs_server {

Response store_failure(const logs_sdk::Status& status) {
  if (status.code() == logs_sdk::Code::kRetry) {
    return error_response(503, "the store cannot be read at the moment").with("Retry-After", "1");
  }
  Response response =
      error_response(500, "the store is damaged in a part of what was asked for; the server's log says where");
  response.failure = status.message();
  return response;
}

}  // namespace logs_server
