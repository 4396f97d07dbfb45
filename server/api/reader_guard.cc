#include "server/api/reader_guard.h"

#include "server/api/registry.h"
#include "server/api/secrets.h"
#include "server/api/session_handler.h"

namespace logs_server {
namespace {

using logs_sdk::Result;

Response refused() {
  return error_response(401, "reading needs a token or a session").with("WWW-Authenticate", "Bearer");
}

Response unavailable() { return error_response(503, "tokens cannot be read at the moment").with("Retry-After", "1"); }

// The token of "Bearer <token>"; the scheme in any case (RFC 9110 11.1).
std::optional<std::string_view> bearer_token(const Request& request) {
  static constexpr std::string_view kScheme = "bearer ";
  const auto value = request.header("authorization");
  if (!value || value->size() <= kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    if (((*value)[i] | 0x20) != kScheme[i]) return std::nullopt;  // a space has that bit already
  }
  return value->substr(kScheme.size());
}

std::optional<Response> verdict_on_token(Registry& registry, std::string_view token, Request& request) {
  const Result<bool> known = registry.is_token(token);
  if (!known.ok()) return unavailable();
  if (!known.value()) return refused();
  request.principal = "reader:" + secret_id(token);  // as no project and no address is called
  return std::nullopt;
}

std::optional<Response> verdict_on_session(Registry& registry, std::string_view session, Request& request) {
  Result<std::optional<std::string>> reader = registry.find_session(session);
  if (!reader.ok()) return unavailable();
  if (!reader.value()) return refused();
  request.principal = *std::move(reader).value();
  return std::nullopt;
}

// https://www.w3.org/TR/fetch-metadata: "none" is a person's own doing, as typing the address.
bool is_of_another_page(const Request& request) {
  const auto site = request.header("sec-fetch-site");
  return site && *site != "same-origin" && *site != "none";
}

}  // namespace

Guard reader_guard(Registry& registry) {
  return [&registry](Request& request) -> std::optional<Response> {
    if (const auto token = bearer_token(request)) return verdict_on_token(registry, *token, request);
    const auto session = request.cookie(session_cookie(request));
    if (session && !is_of_another_page(request)) return verdict_on_session(registry, *session, request);
    return refused();
  };
}

Guard token_guard(Registry& registry) {
  return [&registry](Request& request) -> std::optional<Response> {
    if (const auto token = bearer_token(request)) return verdict_on_token(registry, *token, request);
    return refused();
  };
}

}  // namespace logs_server
