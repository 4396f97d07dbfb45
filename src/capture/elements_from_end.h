// ElementsFromEnd: the elements of a request header that is a list (RFC 9110, 5.6.1), the last first. Each proxy
// appends, so the last is what the one nearest to us has written, and what stands before it cannot change how it is
// read.
#ifndef LOGS_SDK_CAPTURE_ELEMENTS_FROM_END_H_
#define LOGS_SDK_CAPTURE_ELEMENTS_FROM_END_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "src/capture/exchange_state.h"

namespace logs_sdk::inline v1 {

// Whether a comma within a quoted string belongs to the element, as in Forwarded; X-Forwarded-* know no quotes.
enum class Quotes : bool { kNone, kStrings };

class ElementsFromEnd {
 public:
  // Over all headers of that id. `state` must stay as it is.
  ElementsFromEnd(const ExchangeState& state, HeaderId id, Quotes quotes) noexcept;

  // Trimmed, never empty: an empty element is none. Nothing when there are no more.
  std::optional<std::string_view> next() noexcept;

 private:
  bool next_header() noexcept;

  const ExchangeState& state_;
  const HeaderId id_;
  const Quotes quotes_;
  std::size_t index_;      // headers from here on have been gone through
  std::string_view rest_;  // of the header that is being gone through
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_ELEMENTS_FROM_END_H_
