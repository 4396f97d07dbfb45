#include "src/base/status.h"

#include <system_error>

namespace logs_sdk::inline v1 {

Status errno_status(Code code, std::string what, int error_number) {
  what += ": ";
  what += std::generic_category().message(error_number);  // strerror is not thread-safe
  what += " (errno ";
  what += std::to_string(error_number);
  what += ")";
  return Status(code, std::move(what));
}

}  // namespace logs_sdk::inline v1
