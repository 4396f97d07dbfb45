// LogSDK: the one object that an application owns. Start here.
//
//     logs_sdk::Config config = logs_sdk::Config::from_environment();
//     logs_sdk::LogSDK logs(config);
//
// then the one line of your framework's adapter (include/logs_sdk/adapters/). From then on every HTTP exchange becomes
// one entry.
//
// Thread-safety: every call from any thread; the destructor when no other call is running.
// Before start() there is no thread, no file and no socket; the first exchange, the first send() and each adapter call
// it. Destruction closes with the default deadline.
// Durability: once an exchange is finished or send() has returned true, the entry survives the death of the process;
// the next start() of any process of this project on this machine ships it.
#ifndef LOGS_SDK_LOGS_SDK_H_
#define LOGS_SDK_LOGS_SDK_H_

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/config.h"
#include "logs_sdk/current_exchange.h"
#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "logs_sdk/export.h"
#include "logs_sdk/infra_entry.h"
#include "logs_sdk/stats.h"

namespace logs_sdk {
inline namespace v1 {

class LOGS_SDK_EXPORT LogSDK {
 public:
  // Throws ConfigError; nothing else is thrown by this class afterwards.
  explicit LogSDK(Config config);
  ~LogSDK();
  LogSDK(const LogSDK&) = delete;
  LogSDK& operator=(const LogSDK&) = delete;

  // Opens the spool and starts shipping. Idempotent. A spool that cannot be opened is no error: entries then wait in
  // memory, which is said once and counted apart.
  void start() noexcept;

  // Begins an exchange; the clock starts now. Inert after close() and when memory is exhausted. The exchange may
  // outlive this object: it is then counted as dropped(closed).
  Exchange begin() noexcept;

  // Hands over an entry made by the application. Fills what is empty (entry.h), masks, encodes, appends. False: it was
  // dropped and counted, by the reason in stats().
  bool send(LogEntry entry) noexcept;

  // A message of the application as an entry: method MANUAL, path /_log/<level>, the message as request_body. Within a
  // request it carries the trace of the exchange that this thread serves, or of `within`, which coroutines pass. False
  // as for send(). debug() does nothing where config().environment is production (docs/configuration.md): it returns
  // false, and nothing is counted.
  bool debug(std::string_view message, const Tags& tags = {}) noexcept;
  bool info(std::string_view message, const Tags& tags = {}) noexcept;
  bool warn(std::string_view message, const Tags& tags = {}) noexcept;
  bool error(std::string_view message, const Tags& tags = {}) noexcept;
  bool debug(Exchange& within, std::string_view message, const Tags& tags = {}) noexcept;
  bool info(Exchange& within, std::string_view message, const Tags& tags = {}) noexcept;
  bool warn(Exchange& within, std::string_view message, const Tags& tags = {}) noexcept;
  bool error(Exchange& within, std::string_view message, const Tags& tags = {}) noexcept;

  // Entries of the infrastructure, which go to an address of their own. Fills what is empty (infra_entry.h), masks,
  // encodes, appends. False: one was dropped and counted, or its level is none, which is said and counted as
  // Stats::refused; the others are kept all the same.
  bool upload_infra_log(InfraLogEntry entry) noexcept;
  bool upload_infra_logs(std::vector<InfraLogEntry> entries) noexcept;

  // Ships what is pending now, at most for `deadline`. True: nothing of this process is pending any more.
  bool flush(std::chrono::milliseconds deadline = std::chrono::seconds(5)) noexcept;

  // Stops taking entries, ships what the deadline allows and stops the threads; the rest stays in the spool for the
  // next start. Idempotent. True: nothing is pending.
  bool close(std::chrono::milliseconds deadline = std::chrono::seconds(2)) noexcept;

  Stats stats() const;
  const Config& config() const noexcept;
  const std::string& hostname() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v1
}  // namespace logs_sdk

#endif  // LOGS_SDK_LOGS_SDK_H_
