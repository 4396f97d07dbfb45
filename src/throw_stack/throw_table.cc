#include "src/throw_stack/throw_table.h"

#include <algorithm>

namespace logs_sdk::inline v1 {
namespace {

// A slot that others write just now is tried so often before the stack is given up: more threads than that would have
// to throw into the same window within some nanoseconds.
constexpr int kAttempts = 4;

std::uintptr_t key_of(const void* exception) noexcept { return reinterpret_cast<std::uintptr_t>(exception); }

}  // namespace

// Exceptions are aligned to 16 bytes and often follow one another closely; the multiplication spreads them.
std::size_t ThrowTable::first_slot(std::uintptr_t exception) noexcept {
  const std::uint64_t spread = static_cast<std::uint64_t>(exception >> 4) * 0x9E3779B97F4A7C15u;
  return static_cast<std::size_t>(spread >> 32) % kSlots;
}

// The slot that holds the exception already, else a free one, else the oldest.
ThrowTable::Slot& ThrowTable::choose(std::size_t first, std::uintptr_t exception) noexcept {
  Slot* best = nullptr;
  std::uint64_t best_age = 0;
  for (std::size_t i = 0; i < kWindow; ++i) {
    Slot& each = slot(first, i);
    const std::uintptr_t held = each.exception.load(std::memory_order_acquire);
    if (held == exception) return each;
    const std::uint64_t age = held == 0 ? 0 : each.put_at.load(std::memory_order_acquire);
    if (best != nullptr && age >= best_age) continue;
    best = &each;
    best_age = age;
  }
  return *best;
}

bool ThrowTable::lock(Slot& slot) noexcept {
  std::uint64_t version = slot.version.load(std::memory_order_relaxed);
  return version % 2 == 0 && slot.version.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel);
}

void ThrowTable::unlock(Slot& slot) noexcept { slot.version.fetch_add(1, std::memory_order_release); }

void ThrowTable::put(const void* exception, const ThrowFrames& frames) noexcept {
  const std::uintptr_t key = key_of(exception);
  const std::size_t first = first_slot(key);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Slot& chosen = choose(first, key);
    if (!lock(chosen)) continue;
    chosen.exception.store(key, std::memory_order_release);
    chosen.put_at.store(puts_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_release);
    chosen.count.store(frames.count, std::memory_order_release);
    for (std::size_t i = 0; i < frames.count; ++i)
      chosen.addresses[i].store(frames.addresses[i], std::memory_order_release);
    unlock(chosen);
    return;
  }
}

bool ThrowTable::holds(const void* exception) const noexcept { return get(exception, nullptr, 0) > 0; }

std::size_t ThrowTable::get(const void* exception, std::uintptr_t* frames, std::size_t max) const noexcept {
  const std::uintptr_t key = key_of(exception);
  const std::size_t first = first_slot(key);
  for (std::size_t i = 0; i < kWindow; ++i) {
    const Slot& each = slot(first, i);
    const std::uint64_t version = each.version.load(std::memory_order_acquire);
    if (version % 2 != 0 || each.exception.load(std::memory_order_acquire) != key) continue;
    const std::size_t count = each.count.load(std::memory_order_acquire);
    for (std::size_t j = 0; j < std::min(count, max); ++j)
      frames[j] = each.addresses[j].load(std::memory_order_acquire);
    const bool whole = each.version.load(std::memory_order_relaxed) == version;
    if (frames == nullptr) return whole ? count : 0;
    return whole ? std::min(count, max) : 0;
  }
  return 0;
}

void ThrowTable::remove(const void* exception) noexcept {
  const std::uintptr_t key = key_of(exception);
  const std::size_t first = first_slot(key);
  for (std::size_t i = 0; i < kWindow; ++i) {
    Slot& each = slot(first, i);
    if (each.exception.load(std::memory_order_acquire) != key) continue;
    if (!lock(each)) continue;  // another exception takes the slot at this moment
    if (each.exception.load(std::memory_order_relaxed) == key) each.exception.store(0, std::memory_order_release);
    unlock(each);
  }
}

}  // namespace logs_sdk::inline v1
