// ThrowTable: the stacks of the exceptions that live, by the address of the exception object.
//
// Thread-safety: every call from any thread, without a lock: a throw must not wait for another thread, nor find a lock
// held by one that a fork left behind. An exception is put and removed by whoever owns it at that moment, so two calls
// never put the same one at once.
// Bounds: a fixed number of slots. Where those in which an exception may stand are taken, the oldest gives way.
// Constant-initialised: usable before the first constructor runs, and until the process has ended.
#ifndef LOGS_SDK_THROW_STACK_THROW_TABLE_H_
#define LOGS_SDK_THROW_STACK_THROW_TABLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace logs_sdk::inline v1 {

// Addresses, the innermost first.
struct ThrowFrames {
  static constexpr std::size_t kMax = 32;  // from the throw into the framework that called the handler, as a rule

  std::array<std::uintptr_t, kMax> addresses;
  std::size_t count = 0;
};

class ThrowTable {
 public:
  // Exceptions that live at once: one or two for each thread that is unwinding, and those that are kept as
  // std::exception_ptr. 140 KiB, of which only those pages exist that were written to.
  static constexpr std::size_t kSlots = 512;
  static constexpr std::size_t kWindow = 8;  // slots in which an exception may stand

  constexpr ThrowTable() = default;

  void put(const void* exception, const ThrowFrames& frames) noexcept;
  bool holds(const void* exception) const noexcept;
  // How many were written to `frames`.
  std::size_t get(const void* exception, std::uintptr_t* frames, std::size_t max) const noexcept;
  void remove(const void* exception) noexcept;

 private:
  // `version` is odd while the rest is being written. What is read between two equal, even versions belongs together:
  // the fields are written by release and read by acquire, so that who sees a new one sees the new version, too.
  struct Slot {
    std::atomic<std::uint64_t> version{0};
    std::atomic<std::uintptr_t> exception{0};  // 0: free
    std::atomic<std::uint64_t> put_at{0};      // in the order of putting
    std::atomic<std::size_t> count{0};
    std::array<std::atomic<std::uintptr_t>, ThrowFrames::kMax> addresses{};
  };

  static std::size_t first_slot(std::uintptr_t exception) noexcept;
  Slot& slot(std::size_t first, std::size_t at) noexcept { return slots_[(first + at) % kSlots]; }
  const Slot& slot(std::size_t first, std::size_t at) const noexcept { return slots_[(first + at) % kSlots]; }
  Slot& choose(std::size_t first, std::uintptr_t exception) noexcept;
  // Whether the slot is the caller's to write now; unlock() ends that.
  static bool lock(Slot& slot) noexcept;
  static void unlock(Slot& slot) noexcept;

  std::array<Slot, kSlots> slots_{};
  std::atomic<std::uint64_t> puts_{0};
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_THROW_STACK_THROW_TABLE_H_
