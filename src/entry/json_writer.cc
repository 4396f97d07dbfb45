#include "src/entry/json_writer.h"

#include <algorithm>

#include "src/entry/limits.h"
#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {

// Well-formed stretches and U+FFFD in turn, as far as the budget goes. A repaired text is never shorter than before, so
// no more than budget.left bytes of `text` are of interest, and four to see a character to its end.
template <Escape kEscape>
void JsonWriter::repaired_piece(std::string_view text, TextBudget& budget) {
  if (budget.cut || text.empty()) return;
  reserve(std::min(budget.left, kReplacement.size() * text.size()) * max_escaped(kEscape));
  while (true) {
    const std::size_t valid = valid_utf8_prefix(text.substr(0, budget.left + 4));
    const std::size_t fits = utf8_boundary(text.substr(0, valid), budget.left);
    out_ = escape_json<kEscape>(text.substr(0, fits), out_).end;
    budget.left -= fits;
    text.remove_prefix(fits);
    if (text.empty()) return;
    if (fits < valid || budget.left < kReplacement.size()) break;
    std::memcpy(out_, kReplacement.data(), kReplacement.size());
    out_ += kReplacement.size();
    budget.left -= kReplacement.size();
    text.remove_prefix(next_utf8(text).size);
    if (text.empty()) return;
  }
  budget.cut = true;
}

void JsonWriter::marker() noexcept {
  std::memcpy(out_, kTruncated.data(), kTruncated.size());
  out_ += kTruncated.size();
}

template void JsonWriter::repaired_piece<Escape::kOnce>(std::string_view, TextBudget&);
template void JsonWriter::repaired_piece<Escape::kTwice>(std::string_view, TextBudget&);

}  // namespace logs_sdk::inline v1
