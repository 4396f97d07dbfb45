#include "logs_sdk/logs_sdk.h"

#include <atomic>
#include <utility>

#include "src/sdk/core.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::chrono::seconds kCloseDeadline{2};

// Cores of the parent, in a forked child: their threads do not exist here and their locks may be held by them, so they
// can neither be closed nor freed. Kept, so that a leak checker sees that it is on purpose.
std::atomic<Core*> g_left_to_the_parent{nullptr};

}  // namespace

struct LogSDK::Impl {
  explicit Impl(Core* made) : core(made) {}
  ~Impl() {
    if (core->inherited()) {
      g_left_to_the_parent.store(core, std::memory_order_relaxed);
      return;
    }
    core->close(kCloseDeadline);
    core->release();
  }
  Core* const core;
};

LogSDK::LogSDK(Config config) : impl_(new Impl(Core::make(std::move(config)))) {}
LogSDK::~LogSDK() = default;

void LogSDK::start() noexcept { impl_->core->start(); }
Exchange LogSDK::begin() noexcept { return impl_->core->begin(); }
bool LogSDK::send(LogEntry entry) noexcept { return impl_->core->send(entry); }
bool LogSDK::debug(std::string_view message, const Tags& tags) noexcept {
  return debug(current_exchange(), message, tags);
}
bool LogSDK::info(std::string_view message, const Tags& tags) noexcept {
  return info(current_exchange(), message, tags);
}
bool LogSDK::warn(std::string_view message, const Tags& tags) noexcept {
  return warn(current_exchange(), message, tags);
}
bool LogSDK::error(std::string_view message, const Tags& tags) noexcept {
  return error(current_exchange(), message, tags);
}
bool LogSDK::debug(Exchange& within, std::string_view message, const Tags& tags) noexcept {
  return impl_->core->log(LogLevel::kDebug, message, tags, within);
}
bool LogSDK::info(Exchange& within, std::string_view message, const Tags& tags) noexcept {
  return impl_->core->log(LogLevel::kInfo, message, tags, within);
}
bool LogSDK::warn(Exchange& within, std::string_view message, const Tags& tags) noexcept {
  return impl_->core->log(LogLevel::kWarn, message, tags, within);
}
bool LogSDK::error(Exchange& within, std::string_view message, const Tags& tags) noexcept {
  return impl_->core->log(LogLevel::kError, message, tags, within);
}

bool LogSDK::upload_infra_log(InfraLogEntry entry) noexcept { return impl_->core->upload(entry, current_exchange()); }
bool LogSDK::upload_infra_logs(std::vector<InfraLogEntry> entries) noexcept {
  bool all = true;
  for (InfraLogEntry& entry : entries) all &= impl_->core->upload(entry, current_exchange());
  return all;
}

bool LogSDK::flush(std::chrono::milliseconds deadline) noexcept { return impl_->core->flush(deadline); }
bool LogSDK::close(std::chrono::milliseconds deadline) noexcept { return impl_->core->close(deadline); }
Stats LogSDK::stats() const { return impl_->core->stats(); }
const Config& LogSDK::config() const noexcept { return impl_->core->config(); }
const std::string& LogSDK::hostname() const noexcept { return impl_->core->hostname(); }

}  // namespace logs_sdk::inline v1
