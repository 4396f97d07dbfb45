#include "server/api/ingest_guard.h"

#include <chrono>

#include "server/api/key_limits.h"
#include "server/api/registry.h"
#include "server/api/secrets.h"

namespace logs_server {
namespace {

Response refused(std::string_view message) {
  return error_response(401, message).with("WWW-Authenticate", "X-API-Key");
}

Response too_much(std::chrono::seconds wait) {
  return error_response(429, "this key sends more than it may; try again later")
      .with("Retry-After", std::to_string(wait.count()));
}

// Counts the request for its key; an answer when the key has sent too much.
std::optional<Response> apply(KeyLimits& limits, Request& request) {
  if (const auto wait = limits.admit(request.key)) return too_much(*wait);
  request.on_body = [&limits, key = request.key](std::size_t body_bytes) { limits.charge(key, body_bytes); };
  request.charge_work = [&limits, key = request.key](const auto& work) {
    std::optional<Response> answer;
    if (const auto wait = limits.run(key, [&] { answer = work(); })) return std::optional(too_much(*wait));
    return answer;
  };
  return std::nullopt;
}

}  // namespace

Guard ingest_guard(Registry& registry, KeyLimits& limits, MissingSecret missing_secret) {
  return [&registry, &limits, missing_secret](Request& request) -> std::optional<Response> {
    const auto public_key = request.header("x-api-key");
    if (!public_key) return refused("X-API-Key is missing");
    const auto found = registry.find_key(*public_key);
    if (!found.ok()) return error_response(503, "keys cannot be read at the moment").with("Retry-After", "1");
    const std::optional<IngestKey>& key = found.value();
    const auto secret = request.header("x-api-secret");
    if (!key) return refused("the key or its secret is wrong");
    if (secret && !equal_hashes(secret_hash(*secret), key->secret_hash)) {
      return refused("the key or its secret is wrong");
    }
    if (!secret && missing_secret != MissingSecret::kAccepted && !key->allow_public_key) {
      return refused("X-API-Secret is missing");
    }
    request.principal = key->project_slug;
    request.key = *public_key;
    request.keep_unmasked = !key->mask;
    return apply(limits, request);
  };
}

}  // namespace logs_server
