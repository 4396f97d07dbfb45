// The rules of a request's header that go beyond its grammar: which fields may stand once only, and which framing of
// a body is beyond doubt.
//
// Thread-safety: functions without state.
#ifndef LOGS_SERVER_HTTP_HEADER_RULES_H_
#define LOGS_SERVER_HTTP_HEADER_RULES_H_

#include <string>

#include "server/http/request.h"

namespace logs_server {

// A sentence of ours that says what is wrong with the fields; it names fields and never a value. Empty when nothing is.
std::string header_fault(const Request& request, unsigned http_version);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_HEADER_RULES_H_
