// Response: what a handler answers. The server adds the length or framing of the body, Date and the headers of
// security_headers.h.
#ifndef LOGS_SERVER_HTTP_RESPONSE_H_
#define LOGS_SERVER_HTTP_RESPONSE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/body_stream.h"

namespace logs_server {

struct Response {
  int status = 200;
  // Besides those that the server adds; of Cache-Control a handler's own replaces the server's.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Why it failed, for the server's own log; never sent. Of handlers that run on a worker.
  std::string failure = {};
  // Instead of `body`: one that is written over time.
  std::shared_ptr<BodyStream> stream = {};

  Response& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

// `json` is sent as it is, as application/json.
Response json_response(int status, std::string json);

// {"error":"…"}: `message` is a sentence of ours; it never holds what the client sent.
Response error_response(int status, std::string_view message);

// `text` as a JSON string with its quotes. `text` is UTF-8.
std::string json_quote(std::string_view text);

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_RESPONSE_H_
