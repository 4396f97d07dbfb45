// The status line and header fields of an answer.
#ifndef LOGS_SERVER_HTTP_RESPONSE_HEAD_H_
#define LOGS_SERVER_HTTP_RESPONSE_HEAD_H_

#include <chrono>
#include <string>

#include "server/http/response.h"

namespace logs_server {

// How the client learns where the body ends.
enum class Framing {
  kLength,
  kChunked,     // of a stream
  kUntilClose,  // of a stream, for HTTP/1.0
};

// Everything up to and with the empty line. Control characters in values become spaces: a value cannot end its field.
std::string response_head(const Response& response, Framing framing, bool keep_alive, std::chrono::sys_seconds now);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_RESPONSE_HEAD_H_
