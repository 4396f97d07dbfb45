// SecretNames: which names of headers, parameters, fields and tags hold secrets.
//
// A name is compared without '-', '_', blanks and case. A pattern may have a '*' at either end. The last part of a name
// of several parts ("user.pwd", "login[pwd]") is also looked at by itself. Thread-safety: constant after construction.
// Time is linear in the name.
#ifndef LOGS_SDK_MASKING_SECRET_NAMES_H_
#define LOGS_SDK_MASKING_SECRET_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/masking/name_filter.h"

namespace logs_sdk::inline v1 {

class SecretNames {
 public:
  // What becomes of the value of a name.
  enum class Verdict : std::uint8_t {
    kOpen,
    kSecretUnlessShortNumber,  // "*token*": a count of tokens, such as max_tokens=4096, is none
    kSecret,
  };

  // `extra`: further secret names; `allow`: names that are not secret although the built-in list says so.
  SecretNames(const std::vector<std::string>& extra, const std::vector<std::string>& allow);

  Verdict verdict(std::string_view name) const noexcept;
  // Whether a value `value` of `name` has to be masked.
  bool hides(std::string_view name, std::string_view value) const noexcept;
  // Whether `name` is secret by `extra`: all there is to ask of a name that the built-in list is known not to hold.
  bool is_extra(std::string_view name) const noexcept;
  // No name of fewer bytes is secret.
  std::size_t min_bytes() const noexcept { return extra_.empty() ? kMinNameBytes : 1; }
  bool has_extra() const noexcept { return !extra_.empty(); }
  // Whether the application allows any name of the built-in list.
  bool has_allowed() const noexcept { return !allow_.empty(); }
  // Dismisses most names that are not secret.
  const NameFilter& filter() const noexcept { return filter_; }
  bool matches(std::string_view name) const noexcept { return verdict(name) != Verdict::kOpen; }

 private:
  // The shortest of the built-in list: most parameters of header values, such as q=0.9, are shorter.
  static constexpr std::size_t kMinNameBytes = 3;

  struct Pattern {
    std::string text;  // normalised, without '*'
    bool open_front = false, open_back = false;
    bool matches(std::string_view normalised) const noexcept;
  };
  static std::vector<Pattern> compile(const std::vector<std::string>& names);
  static bool any(const std::vector<Pattern>& patterns, std::string_view normalised) noexcept;
  Verdict verdict_of_normalised(std::string_view normalised) const noexcept;

  static NameFilter make_filter(const std::vector<Pattern>& extra);

  std::vector<Pattern> extra_, allow_;
  NameFilter filter_;  // of the built-in list and of extra_
};

// At most nine digits, nothing else.
bool is_short_number(std::string_view value) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_SECRET_NAMES_H_
