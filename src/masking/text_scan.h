// TextScan: free text, in one pass: `name=value`, `name: value`, `"name": value` and `<name>value` with a secret name,
// user info in URLs, credentials after their scheme, and values that look secret.
//
// Most texts hold no secret, so the pass goes from trigger to trigger (trigger.h) and looks at the text nowhere else.
#ifndef LOGS_SDK_MASKING_TEXT_SCAN_H_
#define LOGS_SDK_MASKING_TEXT_SCAN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/base/span.h"
#include "src/masking/secret_names.h"
#include "src/masking/trigger.h"

namespace logs_sdk::inline v1 {

class TextScan {
 public:
  // `cut`: the text goes on after what is shown. `kernel`: a test passes one that stops everywhere.
  TextScan(const SecretNames& names, std::string_view text, bool cut, TriggerKernel kernel = trigger_kernel()) noexcept
      : names_(names), text_(text), cut_(cut), triggers_(kernel, text) {}

  // Appends the masked text to `out` and returns true; false, with `out` untouched, when there was nothing to mask.
  // Runs once. Throws std::bad_alloc only.
  bool run(std::string& out);

 private:
  // What is to be replaced, by what; `next`: where to go on when nothing is.
  struct Finding {
    Span span;
    std::string_view quote;  // written around the mask when a bare JSON value becomes a string
    std::size_t next = 0;
  };
  struct Name {
    std::string_view text;
    std::string_view quote;  // the quote around it as it stands, backslashes included; empty for none
  };

  struct Value {
    Span span;  // inside of the quotes, where there are any
    std::size_t after = 0;
    bool quoted = false;
  };

  // What stands at the trigger at `at`; nothing before `from` is looked for.
  Finding look(std::size_t at, std::size_t from) noexcept;
  Finding look_at_digit(std::size_t at, std::size_t from) const noexcept;
  bool is_short_name(std::size_t at) const noexcept;
  Finding look_at_separator(std::size_t at) const noexcept;
  Finding look_at_blank(std::size_t at) const noexcept;
  Finding look_at_dash(std::size_t at, std::size_t from) const noexcept;
  Finding look_at_tag_end(std::size_t at) noexcept;
  Name name_before(std::size_t at) const noexcept;
  Finding value_after(std::size_t at, const Name& name, SecretNames::Verdict verdict) const noexcept;
  Value value_at(std::size_t at, const Name& name) const noexcept;
  std::size_t line_end(std::size_t at) const noexcept;
  std::size_t skip_blanks(std::size_t at, const Name& name) const noexcept;
  std::size_t separator_after(const Value& value, const Name& name) const noexcept;
  Value quoted_value(std::size_t quote_begin, std::size_t quote_end) const noexcept;
  Span bracketed_value(std::size_t at) const noexcept;
  Span bare_value(std::size_t at, const Name& name) const noexcept;

  const SecretNames& names_;
  std::string_view text_;
  bool cut_;
  Triggers triggers_;
  std::size_t done_ = 0;  // everything before is settled
  std::size_t no_token_before_ = 0;
  std::size_t next_end_tag_ = 0;  // where the first "</" after the last tag looked at stands
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_TEXT_SCAN_H_
