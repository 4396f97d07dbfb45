#include "server/api/ingest_guard.h"

#include <algorithm>
#include <charconv>

#include "server/api/key_limits.h"
#include "server/api/registry.h"
#include "server/api/secrets.h"

namespace logs_server {
namespace {

Response refused(std::string_view message) {
  return error_response(401, message).with("WWW-Authenticate", "X-API-Key");
}

// What Content-Length says; 0 for a chunked body. The server has read it already, and refused what is no number; what
// is larger than any body is refused after us.
std::size_t announced_bytes(const Request& request) {
  constexpr std::size_t kMostCharged = std::size_t{8} << 20;
  const std::string_view text = request.header("content-length").value_or("");
  std::size_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return std::min(size, kMostCharged);
}

// Counts the request for its key; an answer when the key has sent too much.
std::optional<Response> apply(KeyLimits& limits, Request& request, std::string_view key) {
  const std::size_t announced = announced_bytes(request);
  if (const auto wait = limits.admit(key, announced)) {
    return error_response(429, "this key sends more than it may; try again later")
        .with("Retry-After", std::to_string(wait->count()));
  }
  request.on_body = [&limits, key = std::string(key), announced](std::size_t body_bytes) {
    if (body_bytes > announced) limits.charge(key, body_bytes - announced);
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
    request.keep_unmasked = !key->mask;
    return apply(limits, request, *public_key);
  };
}

}  // namespace logs_server
