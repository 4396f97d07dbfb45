// Messages: what an operator should know, at most once per kind and minute.
//
// Thread-safety: say() from any thread, without a lock, so that it works in a forked child whatever the other threads
// of the parent were doing.
#ifndef LOGS_SDK_SDK_MESSAGES_H_
#define LOGS_SDK_SDK_MESSAGES_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/config.h"
#include "src/base/clock.h"

namespace logs_sdk::inline v1 {

class Messages {
 public:
  static constexpr std::chrono::minutes kInterval{1};
  static constexpr std::size_t kMaxKinds = 64;  // the library has about twenty; more than these share the last one
  static constexpr std::size_t kMaxTextBytes = 1024;

  using Receiver = std::function<void(MessageLevel, std::string_view)>;

  // An empty receiver: one line to stderr. What a receiver throws is swallowed.
  Messages(Receiver receiver, const Clock& clock) : receiver_(std::move(receiver)), clock_(clock) {}

  // Keeps what the calling thread says through `messages` until the scope ends, and passes it on then. Scopes of one
  // thread do not nest.
  class Held {
   public:
    explicit Held(Messages& messages) noexcept;
    ~Held();
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    friend class Messages;
    struct Message {
      MessageLevel level;
      std::string kind, text;
    };
    Messages& messages_;
    std::vector<Message> kept_;
  };

  // `kind` is what the limit counts by; the text of a message held back is lost.
  void say(MessageLevel level, std::string_view kind, std::string_view text) noexcept;

 private:
  struct Kind {
    std::atomic<std::uint64_t> name_hash{0};  // 0: free
    std::atomic<std::int64_t> allowed_from_ns{INT64_MIN};
  };

  Kind& find(std::string_view kind) noexcept;

  const Receiver receiver_;
  const Clock& clock_;
  std::array<Kind, kMaxKinds> kinds_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SDK_MESSAGES_H_
