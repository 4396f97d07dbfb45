// Triggers: the places of a text at which something that has to be masked may show itself. Between them there is
// nothing to mask, and most texts hold hardly any, so looking for them is what masking costs.
//
// Each form of a secret has a character that every value of it holds, seen together with the one before it:
//     name=value, name: value, <name>value   '=' ':' '>'   after anything
//     a vendor's key ("sk-", "ghp_", "SG.")   '-' '_' '.'   after a letter that stands there in one of the prefixes
//     an access key ("AKIA", "LTAI")          its second character, after 'A' or 'L'
//     a JSON web token ("eyJ")                'J'           after 'y'
//     a PEM block ("-----BEGIN")              '-'           after '-'
//     credentials ("Bearer ", "Basic ")       ' '           after 'r' or 'c' of any case
//     a payment card                          the fourth digit in a row: a card begins with four digits at least
// A pair that is none of these needs no look. A kernel may report more places than that, never fewer: what it reports
// is looked at, and only the look decides.
#ifndef LOGS_SDK_MASKING_TRIGGER_H_
#define LOGS_SDK_MASKING_TRIGGER_H_

#include <cstddef>
#include <string_view>

namespace logs_sdk::inline v1 {

// The first trigger of `text` at `from` or after it, digits counted from `from` on; the size of `text` for none.
using NextTrigger = std::size_t (*)(std::string_view text, std::size_t from) noexcept;

// The fastest kernel of this processor.
NextTrigger next_trigger() noexcept;

// The same, which also stops at '%', '+' and '@', which mean something in URLs.
NextTrigger next_url_trigger() noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_TRIGGER_H_
