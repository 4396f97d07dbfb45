// NameTable: the place of a name in a short fixed list, such as the usual headers, by one look and one comparison.
#ifndef LOGS_SDK_MASKING_NAME_TABLE_H_
#define LOGS_SDK_MASKING_NAME_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace logs_sdk::inline v1 {

// Open addressing over a table at most a quarter full, made when the program is compiled.
template <std::size_t N>
class NameTable {
 public:
  static_assert(N < 255);
  explicit constexpr NameTable(const std::array<std::string_view, N>& names) : names_(names) {
    for (std::size_t i = 0; i < N; ++i) {
      std::size_t slot = slot_of(names[i]);
      while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::uint8_t>(i + 1);
    }
  }

  // The index of `name` in the list; N for a name that is not in it.
  constexpr std::size_t find(std::string_view name) const noexcept {
    if (name.empty()) return N;
    for (std::size_t slot = slot_of(name); slots_[slot] != 0; slot = (slot + 1) % kSlots)
      if (names_[slots_[slot] - 1u] == name) return slots_[slot] - 1u;
    return N;
  }

 private:
  static constexpr std::size_t kSlots = N < 32 ? 128 : 512;

  // Length, first, middle and last character: hardly two headers agree in all.
  static constexpr std::size_t slot_of(std::string_view name) noexcept {
    auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (name.size() * 31 + at(0) * 7 + at(name.size() / 2) * 13 + at(name.size() - 1) * 67) % kSlots;
  }

  std::array<std::string_view, N> names_;
  std::array<std::uint8_t, kSlots> slots_{};  // index + 1; 0 for an empty slot
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_NAME_TABLE_H_
