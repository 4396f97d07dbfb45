// NameFilter: whether a name can be one of a list, by one look at each of its letters.
//
// Most names of members and parameters are on no list, and finding that out must not cost more than reading them. Three
// letters in a row are a number of fifteen bits; a name that holds no three with which a word of the list begins is not
// on it. Case, '-', '_' and blanks do not count, as in the list itself.
// Thread-safety: constant after construction.
#ifndef LOGS_SDK_MASKING_NAME_FILTER_H_
#define LOGS_SDK_MASKING_NAME_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace logs_sdk::inline v1 {

class NameFilter {
 public:
  // Takes in the names that contain `word`, which is normalised. A word of fewer than three characters takes in all.
  constexpr void add(std::string_view word) noexcept {
    if (word.size() < 3) {
      takes_all_ = true;
      return;
    }
    std::size_t trigram = 0;
    for (const char c : word.substr(0, 3)) trigram = trigram << 5 | (static_cast<unsigned char>(c) & 31u);
    std::uint8_t& bits = begins_[trigram / 8];
    bits = static_cast<std::uint8_t>(bits | std::uint8_t{1} << trigram % 8);
  }

  // Looks at a name character by character, for whoever looks for its end at the same time.
  class Reader {
   public:
    explicit Reader(const NameFilter& filter) noexcept : filter_(filter) {}
    // Whether a word that was added may begin two characters before `c`.
    bool add(char c) noexcept {
      const std::uint8_t code = kCodes[static_cast<unsigned char>(c)];
      if (code == kNone) return false;
      trigram_ = (trigram_ << 5 | code) & 0x7FFF;
      return (filter_.begins_[trigram_ / 8] >> trigram_ % 8 & 1) != 0;
    }

   private:
    const NameFilter& filter_;
    std::size_t trigram_ = 0;
  };

  bool takes_all() const noexcept { return takes_all_; }

  // False only when no word that was added can stand in `name`.
  bool may_match(std::string_view name) const noexcept {
    Reader reader(*this);
    for (const char c : name)
      if (reader.add(c)) return true;
    return takes_all_;
  }

 private:
  // Five bits of a character; kNone for what does not count.
  static constexpr std::uint8_t kNone = 0xFF;
  static constexpr auto kCodes = [] {
    std::array<std::uint8_t, 256> codes{};
    for (std::size_t c = 0; c < codes.size(); ++c) codes[c] = static_cast<std::uint8_t>(c & 31u);
    for (const char c : {'_', '-', ' ', '\t'}) codes[static_cast<unsigned char>(c)] = kNone;
    return codes;
  }();

  std::array<std::uint8_t, 32 * 32 * 32 / 8> begins_{};
  bool takes_all_ = false;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_NAME_FILTER_H_
