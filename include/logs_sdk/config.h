// Config: everything an application can choose. A plain value: copy it, change it, pass it to LogSDK.
//
// The same names are used in the environment: upper case with the prefix LOGS_SDK_ (LOGS_SDK_BUFFER_SIZE=500).
// Thread-safety: none needed; LogSDK keeps a copy of its own, and later changes of yours have no effect.
#ifndef LOGS_SDK_CONFIG_H_
#define LOGS_SDK_CONFIG_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/export.h"

namespace logs_sdk {
inline namespace v1 {

// Thrown at construction only. what() names the option, the value (never that of a key) and what is allowed.
class LOGS_SDK_EXPORT ConfigError : public std::invalid_argument {
 public:
  ConfigError(std::string option, const std::string& message);
  ~ConfigError() override;
  const std::string& option() const noexcept { return option_; }

 private:
  std::string option_;
};

// What survives the loss of power. The death of the process loses nothing in either mode.
enum class Sync {
  kNone,      // what the kernel has written back by itself, usually all but the last 30 s
  kInterval,  // all but the last 500 ms; costs one fdatasync per interval, off the request path
};

enum class MessageLevel { kInfo, kWarning, kError };

struct LOGS_SDK_EXPORT Config {
  // -- Required
  // URL of the ingest endpoint: https, or http when the host is loopback or allow_http is set.
  std::string endpoint;
  std::string api_key;       // public key, clog_pk_...
  std::string api_secret;    // private key, clog_sk_...; sent in a header only, never written anywhere
  std::string project_slug;  // [a-z0-9][a-z0-9._-]{0,63}

  // -- Who we are: constant fields of every entry
  std::string environment = "production";  // at most 512 bytes
  std::string service_name;                // at most 512 bytes

  // -- Batching
  // Entries; 1 to 1,000,000. Shipping starts when 80 % of it waits. It also bounds the memory queue that is used while
  // no spool folder can be had: raising it costs that memory, about 2.5 KB an entry.
  std::size_t buffer_size = 1000;
  // 50 ms to 1 h. The longest time that an entry waits before it is shipped.
  std::chrono::milliseconds flush_interval{5000};
  // 0 to 20 attempts that follow the first at once; afterwards the destination is down and is probed until it is up.
  int max_retries = 3;

  // -- What is recorded
  std::size_t max_body_size = 4096;   // bytes of each body that are kept; 0 to 65,536
  std::size_t max_stack_size = 8192;  // bytes of a stack that are kept; 0 to 65,536
  // true: the first max_body_size bytes of each body are kept, masked. false: bodies are recorded by size and type
  // only.
  bool capture_bodies = true;
  std::vector<std::string> mask_extra;     // further secret names; '*' at either end; '-', '_' and case are ignored
  std::vector<std::string> mask_allow;     // names that are not secret although the built-in list says so
  std::vector<std::string> exclude_paths;  // paths that make no entry; a '*' at the end matches every continuation

  // -- Spool
  std::string offline_dir;                             // parent folder; empty: $TMPDIR/logs-sdk-offline
  std::uint64_t offline_max_bytes = 50ull << 20;       // over all processes of this project's folder; at least 1 MiB
  std::chrono::seconds offline_max_age{24 * 60 * 60};  // at least 60 s
  Sync sync = Sync::kNone;

  // -- HTTP client
  std::chrono::milliseconds timeout{15000};  // of a whole request, 100 ms to 10 min; connecting: at most 5 s of it
  std::string ca_file;                       // PEM file; empty: the system's
  std::string proxy;                         // URL; empty: from the environment
  bool allow_http = false;                   // plain http to a host that is not loopback

  // -- Trust
  // CIDRs, and the word "unix" for Unix sockets: whose forwarding, identity and trace headers count.
  std::vector<std::string> trusted_proxies = {"127.0.0.0/8",    "::1/128",  "10.0.0.0/8", "172.16.0.0/12",
                                              "192.168.0.0/16", "fc00::/7", "fe80::/10",  "unix"};

  // -- Crash journal
  std::size_t max_in_flight = 256;  // slots for running requests, 0 to 65,536

  // -- Messages
  // Called with what an operator should know, at most once per kind and minute, from any thread, never from inside a
  // request's capture. Empty: one line to stderr. Must not throw. It may send() an entry, but not flush() or close().
  std::function<void(MessageLevel, std::string_view)> on_message;

  // Defaults overlaid with every LOGS_SDK_... variable. Throws ConfigError for an unknown name or a value that cannot
  // be read; what is required may still be missing afterwards.
  static Config from_environment();

  // Sets one option from text, as from_environment does: numbers in decimal, durations in seconds ("5", "0.25"),
  // booleans true/false/1/0, lists separated by commas. Throws ConfigError. on_message has no text form.
  void set(std::string_view name, std::string_view value);

  // Throws ConfigError for the first option that is missing or out of range. LogSDK calls it.
  void validate() const;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_CONFIG_H_
