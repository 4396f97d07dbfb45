// UrlScan: URLs, query strings and forms: parameters by their names, everything by its value, encoded or not.
#ifndef LOGS_SDK_MASKING_URL_SCAN_H_
#define LOGS_SDK_MASKING_URL_SCAN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

class UrlScan {
 public:
  // Whether one pass over the whole may say that no part needs a look; a test compares with what the parts say.
  enum class Glance { kFirst, kNever };

  // `cut`: the text goes on after what is shown.
  UrlScan(const SecretNames& names, bool cut, Glance glance = Glance::kFirst) noexcept
      : names_(names), cut_(cut), glance_(glance) {}

  // Both append the masked text and return true, or leave `out` alone and return false. Throw std::bad_alloc only.
  bool url(std::string_view url, std::string& out) const;
  bool query(std::string_view query, std::string& out) const;

 private:
  bool is_clean(std::string_view text, std::size_t query_begin) const noexcept;
  bool is_harmless(std::string_view text, std::size_t at, std::size_t query_begin) const noexcept;
  bool is_open_parameter(std::string_view text, std::size_t at, std::size_t query_begin) const noexcept;
  bool user_info(std::string_view& url, std::string& out) const;
  bool path(std::string_view path, bool last, std::string& out) const;
  bool pair(std::string_view pair, bool last, std::string& out) const;
  bool component(std::string_view text, bool last, std::string& out) const;
  bool decoded_component(std::string_view text, bool cut, std::string& out) const;
  bool is_secret(std::string_view name, std::string_view value, bool torn) const;

  const SecretNames& names_;
  const bool cut_;
  const Glance glance_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_URL_SCAN_H_
