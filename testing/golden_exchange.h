// Golden exchanges: testing/golden/exchanges/<case>.txt says what an exchange was, <case>.json which entry it makes.
// testing/golden/README.md is the format, for readers in other languages too.
//
// Thread-safety: values; reading is safe from any thread.
#ifndef LOGS_SDK_TESTING_GOLDEN_EXCHANGE_H_
#define LOGS_SDK_TESTING_GOLDEN_EXCHANGE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "logs_sdk/config.h"
#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "src/base/clock.h"

namespace logs_sdk::golden {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What the handler of an exchange does: tells, then throws or answers.
struct Handler {
  std::string user, session;
  std::vector<std::pair<std::string, TagValue>> tags;
  std::optional<std::string> business_error;
  int upstream_status = 0;
  // Newest first: what is thrown, and its cause. Types are those of throw_exception().
  Pairs exceptions;
  int status = 200;
  Pairs headers;
  std::vector<std::string> chunks;  // none: no body; several: a stream

  bool throws() const { return !exceptions.empty(); }
  bool streams() const { return chunks.size() > 1; }
};

// An exception as another language tells it.
struct ForeignException {
  std::string type, message, stack, location;
};

struct Exchange {
  std::string name;  // of the file

  // -- What no test may leave to chance
  std::string uuid, span_id;
  WallTime started;
  std::int64_t took_us;
  std::string host, pid;
  Pairs config;

  // -- Request
  std::string peer;
  int port;
  std::string tls_version, tls_cipher;  // empty: plain http
  std::string method, target, protocol;
  std::optional<std::pair<std::string, std::string>> decoded;  // path and query, where the framework shows no target
  Pairs headers;
  std::vector<std::string> chunks;

  // -- Course
  Handler handler;
  std::optional<ForeignException> foreign;
  std::string route;
  std::vector<std::pair<Mark, std::int64_t>> marks;  // microseconds after the start
  Outcome outcome = Outcome::kComplete;

  // -- Who can run it
  std::string not_over_http;  // why no client and server can make it happen; empty: they can
  Pairs stored;               // fields that the server fills
};

// Every case, by name. Throws std::runtime_error that names file and line for what cannot be read.
const std::vector<Exchange>& exchanges();
std::filesystem::path entry_file(const Exchange& exchange);

// `config` with the options of the case. Limits, masking and trust come from there; slug, environment and service too.
void apply_config(const Exchange& exchange, Config& config);

// What the handler knows, told to its exchange.
void tell(const Handler& handler, logs_sdk::Exchange& exchange);
// Throws the exception, with its causes nested.
[[noreturn]] void throw_exception(const Handler& handler);

}  // namespace logs_sdk::golden

#endif  // LOGS_SDK_TESTING_GOLDEN_EXCHANGE_H_
