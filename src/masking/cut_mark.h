// Texts that were cut and end with kTruncated: the mark is no part of what is masked.
#ifndef LOGS_SDK_MASKING_CUT_MARK_H_
#define LOGS_SDK_MASKING_CUT_MARK_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/entry/limits.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

// Whether `masked` is `text` whose last bytes are the beginning of kMasked, and nothing else of it was masked.
inline bool is_cut_within_mask(std::string_view text, std::string_view masked) noexcept {
  const std::size_t stars = text.size() - (text.find_last_not_of('*') + 1);
  if (stars == 0 || stars >= kMasked.size()) return false;
  text.remove_suffix(stars);
  return masked.size() == text.size() + kMasked.size() && masked.starts_with(text) && masked.ends_with(kMasked);
}

// Calls `mask(text, extent, out)`, which is as the functions of Masker, with the part of `value` in front of the mark,
// and puts the mark behind what it makes. `marked`: the extent of a text that ends with the mark.
template <typename Mask>
bool mask_up_to_cut(std::string_view value, Extent marked, std::string& out, const Mask& mask) {
  if (!value.ends_with(kTruncated)) return mask(value, Extent::kWhole, out);
  value.remove_suffix(kTruncated.size());
  const std::size_t begin = out.size();
  if (!mask(value, marked, out)) return false;
  if (is_cut_within_mask(value, std::string_view(out).substr(begin))) {
    out.resize(begin);
    return false;
  }
  out.append(kTruncated);
  return true;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_CUT_MARK_H_
