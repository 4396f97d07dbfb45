#include "server/http/response.h"

namespace logs_server {

Response json_response(int status, std::string json) {
  Response response;
  response.status = status;
  response.body = std::move(json);
  response.with("Content-Type", "application/json");
  return response;
}

Response error_response(int status, std::string_view message) {
  return json_response(status, "{\"error\":" + json_quote(message) + "}");
}

std::string json_quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace logs_server
