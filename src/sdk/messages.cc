#include "src/sdk/messages.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "src/base/sigpipe_held_back.h"

namespace logs_sdk::inline v1 {
namespace {

std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash | 1;  // never 0, which means free
}

std::string_view level_name(MessageLevel level) noexcept {
  switch (level) {
    case MessageLevel::kInfo:
      return "info";
    case MessageLevel::kWarning:
      return "warning";
    case MessageLevel::kError:
      break;
  }
  return "error";
}

// One write, so that lines of several threads do not mix. A closed pipe at stderr must not end the application.
void write_to_stderr(std::string_view line) noexcept {
  const SigpipeHeldBack held;
  const int saved_errno = errno;
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  errno = saved_errno;
}

void say_to_stderr(MessageLevel level, std::string_view text) noexcept {
  std::array<char, Messages::kMaxTextBytes + 64> line;
  char* end = line.data();
  const auto append = [&end](std::string_view part) { end = std::copy(part.begin(), part.end(), end); };
  append("logs-sdk: ");
  append(level_name(level));
  append(": ");
  for (const char c : text) *end++ = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  append("\n");
  write_to_stderr({line.data(), static_cast<std::size_t>(end - line.data())});
}

thread_local Messages::Held* t_held = nullptr;

}  // namespace

Messages::Held::Held(Messages& messages) noexcept : messages_(messages) { t_held = this; }

Messages::Held::~Held() {
  t_held = nullptr;
  for (const Message& message : kept_) messages_.say(message.level, message.kind, message.text);
}

Messages::Kind& Messages::find(std::string_view kind) noexcept {
  const std::uint64_t hash = hash_of(kind);
  for (Kind& slot : kinds_) {
    std::uint64_t found = slot.name_hash.load(std::memory_order_relaxed);
    if (found == 0 && slot.name_hash.compare_exchange_strong(found, hash, std::memory_order_relaxed)) return slot;
    if (found == hash) return slot;
  }
  return kinds_.back();
}

void Messages::say(MessageLevel level, std::string_view kind, std::string_view text) noexcept {
  if (t_held != nullptr && &t_held->messages_ == this) {
    try {
      t_held->kept_.push_back({level, std::string(kind), std::string(text)});
    } catch (...) {
      // Without memory to keep a message it is lost, as one is that comes too often.
    }
    return;
  }
  Kind& slot = find(kind);
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.steady().time_since_epoch()).count();
  std::int64_t allowed_from = slot.allowed_from_ns.load(std::memory_order_relaxed);
  if (now < allowed_from) return;
  constexpr std::int64_t kIntervalNs = std::chrono::nanoseconds(kInterval).count();
  // Of several threads with the same news one speaks.
  if (!slot.allowed_from_ns.compare_exchange_strong(allowed_from, now + kIntervalNs, std::memory_order_relaxed)) return;

  text = text.substr(0, kMaxTextBytes);
  if (!receiver_) return say_to_stderr(level, text);
  try {
    receiver_(level, text);
  } catch (...) {
    // The receiver is the application's: what it throws has nowhere to go, and capture must not fail for it.
  }
}

}  // namespace logs_sdk::inline v1
