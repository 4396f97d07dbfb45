#include "server/api/session_handler.h"

#include <string_view>

#include "server/api/reader_guard.h"
#include "server/api/registry.h"

namespace logs_server {
namespace {

constexpr std::size_t kMaxLoginBytes = 1024;

Response unavailable() { return error_response(503, "sessions cannot be read at the moment").with("Retry-After", "1"); }

std::string set_cookie(const Request& request, std::string_view value, std::chrono::seconds lifetime) {
  return session_cookie(request) + "=" + std::string(value) +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lifetime.count()) +
         (request.came_by_https() ? "; Secure" : "");
}

// The token stands in Authorization as everywhere else, which no form of another site can send.
Response log_in(Registry& registry, const Request& request) {
  const auto session = registry.add_session(request.principal);
  if (!session.ok()) return unavailable();
  Response response;
  response.status = 204;
  return response.with("Set-Cookie", set_cookie(request, session.value(), kSessionLifetime));
}

Response log_out(Registry& registry, const Request& request) {
  if (const auto session = request.cookie(session_cookie(request))) {
    if (!registry.remove_session(*session).ok()) return unavailable();
  }
  Response response;
  response.status = 204;
  return response.with("Set-Cookie", set_cookie(request, "", std::chrono::seconds(0)));
}

}  // namespace

std::string session_cookie(const Request& request) {
  const std::string_view host = request.header("host").value_or("");
  const std::size_t before_port = host.find_last_not_of("0123456789");
  const bool has_port =
      before_port != std::string_view::npos && host[before_port] == ':' && before_port + 1 < host.size();
  return has_port ? "logs_session_" + std::string(host.substr(before_port + 1)) : "logs_session";
}

void add_session_routes(Router& router, Registry& registry) {
  Route log_in_route;
  log_in_route.method = "POST";
  log_in_route.pattern = "/api/v1/session";
  log_in_route.guard = token_guard(registry);
  log_in_route.max_body_bytes = kMaxLoginBytes;
  router.add(std::move(log_in_route), [&registry](const Request& request) { return log_in(registry, request); });

  Route log_out_route;
  log_out_route.method = "DELETE";
  log_out_route.pattern = "/api/v1/session";
  log_out_route.guard = reader_guard(registry);
  router.add(std::move(log_out_route), [&registry](const Request& request) { return log_out(registry, request); });
}

}  // namespace logs_server
