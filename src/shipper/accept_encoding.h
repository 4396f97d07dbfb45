// Accept-Encoding in an answer: which compression the platform takes in requests (RFC 7694).
#ifndef LOGS_SDK_SHIPPER_ACCEPT_ENCODING_H_
#define LOGS_SDK_SHIPPER_ACCEPT_ENCODING_H_

#include <string_view>

#include "src/base/compression.h"

namespace logs_sdk::inline v1 {

// The one to use of what `accept_encoding` offers: zstd, else gzip, else none. A coding with weight 0 is not offered.
Encoding best_encoding(std::string_view accept_encoding) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_ACCEPT_ENCODING_H_
