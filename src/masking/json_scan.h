// JsonScan: JSON in one pass, by a reader that forgives what writers of JSON get wrong: comments, single quotes, names
// without quotes, trailing commas, several documents in one text, and a text that ends too early.
//
// The value of a secret name becomes the string "***", be it a string, a number, a list or an object; what stands in
// any other string is masked as a text of its own. So JSON stays JSON. A text that is no JSON even to this reader is
// not masked at all: quotes that are missing turn names into values, and only a look from name to name finds those.
#ifndef LOGS_SDK_MASKING_JSON_SCAN_H_
#define LOGS_SDK_MASKING_JSON_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/span.h"
#include "src/json/json_cursor.h"
#include "src/masking/content_scan.h"
#include "src/masking/secret_names.h"
#include "src/masking/trigger.h"

namespace logs_sdk::inline v1 {

class JsonScan {
 public:
  // `cut`: the text goes on after what is shown. `strings` masks what stands in strings.
  JsonScan(const SecretNames& names, ContentScan strings, std::string_view text, bool cut) noexcept
      : names_(names), strings_(strings), text_(text), cut_(cut), cursor_(text), triggers_(trigger_kernel(), text) {}

  // Appends the masked text to `out`, if there was anything to mask; leaves `out` alone otherwise. Runs once. Throws
  // std::bad_alloc only.
  Scanned run(std::string& out);

 private:
  enum class Expect : std::uint8_t { kName, kColon, kValue, kComma };
  using Verdict = SecretNames::Verdict;

  bool plain_member();
  bool take_plain_member();
  bool step();
  bool open(char bracket);
  bool close(char bracket);
  bool comma();
  bool name();
  bool value();
  bool string_value();
  bool bare_value();
  bool secret_value();
  bool secret_string();
  void note_name(const JsonString& string);
  void note_pair(std::string_view value);
  Verdict verdict_of(std::string_view name);
  bool mask_string(const JsonString& string);
  bool mask_comment(Span comment);
  bool has_trigger(std::size_t begin, std::size_t end) noexcept {
    if (next_trigger_ < begin) next_trigger_ = triggers_.next(begin);
    return next_trigger_ < end;
  }
  void replace(Span span, std::string_view by);
  bool in_object() const noexcept { return !open_.empty() && (open_.back() & kObject) != 0; }

  // What is known of an open list or object; a bit each.
  static constexpr char kObject = 1;
  static constexpr char kNamesSecret = 2;  // a member has said that its value is one: {"name":"password","value":…}

  const SecretNames& names_;
  ContentScan strings_;
  const std::string_view text_;
  const bool cut_;
  JsonCursor cursor_;
  Triggers triggers_;
  std::size_t next_trigger_ = 0;
  Expect expect_ = Expect::kValue;
  Verdict verdict_ = Verdict::kOpen;  // of the name of the next value
  bool says_name_ = false;            // the next value is the name of a pair
  std::string open_;                  // of each list and object that is open, what is known of it
  std::string* out_ = nullptr;
  bool changed_ = false;
  std::size_t done_ = 0;  // everything before stands in out_
  std::string decoded_, masked_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_JSON_SCAN_H_
