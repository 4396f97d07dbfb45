// GraphQlScan: a GraphQL document (spec October 2021) in one pass: the values of arguments and of default values by
// their names, what stands in other strings as a text of its own.
//
// A variable tells where its value stands, which is elsewhere, so `password: $password` stays, as do types and aliases.
// A text that is no document is not masked at all.
#ifndef LOGS_SDK_MASKING_GRAPHQL_SCAN_H_
#define LOGS_SDK_MASKING_GRAPHQL_SCAN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/base/span.h"
#include "src/json/json_cursor.h"
#include "src/masking/content_scan.h"
#include "src/masking/secret_names.h"

namespace logs_sdk::inline v1 {

// Whether `text` begins with an operation or a fragment.
bool begins_graphql(std::string_view text) noexcept;

class GraphQlScan {
 public:
  // `cut`: the text goes on after what is shown. `strings` masks what stands in strings.
  GraphQlScan(const SecretNames& names, ContentScan strings, std::string_view text, bool cut) noexcept
      : names_(names), strings_(strings), text_(text), cut_(cut), cursor_(text) {}

  // Appends the masked text to `out`, if there was anything to mask; leaves `out` alone otherwise. Runs once. Throws
  // std::bad_alloc only.
  Scanned run(std::string& out);

 private:
  bool step();
  bool punctuator(char c);
  bool word();
  bool after_colon();
  bool string();
  void secret_value();
  void skip_ignored();
  Span take_string();
  bool mask_text(Span span, bool torn);
  void replace(Span span, std::string_view by);
  std::string_view view(Span span) const noexcept { return text_.substr(span.begin, span.end - span.begin); }

  const SecretNames& names_;
  ContentScan strings_;
  const std::string_view text_;
  const bool cut_;
  JsonCursor cursor_;
  std::size_t braces_ = 0, parentheses_ = 0;  // open ones
  std::string_view name_;                     // the last one, unless something else than ':' followed
  bool is_variable_ = false;                  // a '$' stood in front of it
  std::string_view defined_;                  // the variable whose type is being read
  std::string* out_ = nullptr;
  bool changed_ = false;
  std::size_t done_ = 0;  // everything before stands in out_
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_GRAPHQL_SCAN_H_
