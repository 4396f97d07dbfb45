// ContentScan: a text of some kind, masked by the scan that knows the kind: JSON, XML and HTML, forms, multipart,
// GraphQL, or free text.
//
// The kind that is declared is a hint: a text is what its first characters say, because senders lie and tools guess.
// What is not well-formed to the scan of its kind is masked as free text, which looks from name to name.
// Texts stand in texts (JSON in a string of JSON in a form), so scans come back here; how deep is limited.
#ifndef LOGS_SDK_MASKING_CONTENT_SCAN_H_
#define LOGS_SDK_MASKING_CONTENT_SCAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

enum class ContentKind : std::uint8_t { kUnknown, kText, kForm, kJson, kXml, kMultipart, kGraphQl };

// What a scan has made of a text: kMalformed, when it is none of its kind, says nothing about it.
enum class Scanned : std::uint8_t { kNothing, kChanged, kMalformed };

// By the type of a body; never kText, which is for what is known to be nothing else; kUnknown for one that says
// nothing.
ContentKind content_kind(std::string_view content_type) noexcept;

class ContentScan {
 public:
  // `settled` becomes false when what run() has made of a text may need another pass: values of JSON that are masked by
  // their names do not, what is found in free text may bring parts of it together that mean something else then.
  ContentScan(const SecretNames& names, bool& settled) noexcept : names_(names), settled_(settled) {}

  // Appends the masked text to `out` and returns true, or leaves `out` alone and returns false. `cut`: the text goes on
  // after what is shown. Throws std::bad_alloc only.
  bool run(ContentKind declared, std::string_view text, bool cut, std::string& out) const;

 private:
  std::optional<bool> multipart(std::string_view body, std::string& out) const;
  bool text(std::string_view text, bool cut, std::string& out) const;
  bool encoded_text(std::string_view text, bool cut, std::string& out) const;
  ContentScan deeper() const noexcept;

  bool run_other(ContentKind kind, ContentKind declared, std::string_view text, bool cut, std::string& out) const;

  const SecretNames& names_;
  bool& settled_;
  int depth_ = 0;  // of texts in texts
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_CONTENT_SCAN_H_
