// XmlScan: XML and HTML in one pass: attributes and elements by their names, with namespace or without; everything else
// (text, CDATA sections, comments) as a text of its own, its entities resolved.
//
// An element with a secret name loses its content up to the tag that closes it. In pairs, as settings and web forms
// have them (<input name="password" value="…">), the value is masked by the name. Tags whose quotes do not fit are not
// masked at all: only a look from name to name finds what their attributes mean.
#ifndef LOGS_SDK_MASKING_XML_SCAN_H_
#define LOGS_SDK_MASKING_XML_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/span.h"
#include "src/masking/content_scan.h"
#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

class XmlScan {
 public:
  // `cut`: the text goes on after what is shown. `texts` masks what stands between the tags.
  XmlScan(const SecretNames& names, ContentScan texts, std::string_view text, bool cut) noexcept
      : names_(names), texts_(texts), text_(text), cut_(cut) {}

  // Appends the masked text to `out`, if there was anything to mask; leaves `out` alone otherwise. Runs once. Throws
  // std::bad_alloc only.
  Scanned run(std::string& out);

 private:
  struct Attribute {
    Span name, value;  // the value without its quotes
    bool closed = true;
  };

  bool markup(std::size_t at);
  bool tag(std::size_t at);
  bool section(std::size_t begin, std::string_view end_mark);
  bool next_attribute(std::size_t& at, std::size_t end, Attribute& attribute) const noexcept;
  std::size_t end_of_tag(std::size_t at) const noexcept;
  std::size_t end_of_element(std::size_t at, std::string_view name) const noexcept;
  bool names_secret(Span attributes) const noexcept;
  bool mask_attributes(Span attributes, bool pair);
  void mask_text(Span span);
  void mask_content(Span span, SecretNames::Verdict verdict);
  void replace(Span span, std::string_view by);
  std::string_view view(Span span) const noexcept { return text_.substr(span.begin, span.end - span.begin); }

  const SecretNames& names_;
  ContentScan texts_;
  const std::string_view text_;
  const bool cut_;
  std::size_t at_ = 0;
  bool masks_next_text_ = false;  // the text after a tag whose attributes name a secret
  std::string* out_ = nullptr;
  bool changed_ = false;
  std::size_t done_ = 0;  // everything before stands in out_
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_XML_SCAN_H_
