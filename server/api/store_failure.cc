#include "server/api/store_failure.h"

#include <stdexcept>

namespace logs_server {

Response store_failure(const logs_sdk::Status& status) {
  if (status.code() != logs_sdk::Code::kRetry) throw std::runtime_error(status.message());
  return error_response(503, "the store cannot be read at the moment").with("Retry-After", "1");
}

}  // namespace logs_server
