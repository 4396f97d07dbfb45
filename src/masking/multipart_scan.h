// MultipartScan: a multipart body (RFC 2046, 7578) as a summary of its parts, one line each:
//
//     [part name="user" size=3] "bob"
//     [part name="avatar" filename="me.png" type=image/png size=20480]
//     [part name="password" size=7] "***"
//
// What a part holds is shown where it is text: masked by the name of the part and as a text of its own. `size=20480+`
// stands for a part that the copy does not hold to its end. A summary is known as one, so that it can be masked again.
//
// Parts begin where a line begins with "--" and a header "Content-…" follows, or where the boundary of the first one
// comes again. What the sender has declared as the boundary does not count: a declaration that is wrong or missing must
// not show what a part holds.
#ifndef LOGS_SDK_MASKING_MULTIPART_SCAN_H_
#define LOGS_SDK_MASKING_MULTIPART_SCAN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "src/masking/content_scan.h"
#include "src/masking/multipart_part.h"
#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

// Whether a part begins at the beginning of `text`.
bool begins_part(std::string_view text) noexcept;

// Whether `text` begins as a summary does.
bool begins_summary(std::string_view text) noexcept;

class MultipartScan {
 public:
  // `texts` masks what stands in the parts.
  MultipartScan(const SecretNames& names, ContentScan texts) noexcept : names_(names), texts_(texts) {}

  // Appends the summary of `body`; false, with `out` untouched, when no part begins in it. Throws std::bad_alloc only.
  bool summarise(std::string_view body, std::string& out) const;

  // Masks a summary again; kMalformed for what is none.
  Scanned mask_summary(std::string_view summary, std::string& out) const;

 private:
  void append_part(const MultipartPart& part, std::string& out) const;
  void append_text(const MultipartPart& part, std::string& out) const;
  void append_name(std::string_view key, std::string_view value, bool torn, std::string& out) const;
  bool is_secret(const MultipartPart& part) const;
  bool read_line(std::string_view line, std::string& text, MultipartPart& part) const;

  const SecretNames& names_;
  ContentScan texts_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_MULTIPART_SCAN_H_
