// ObjectMasker: replaces values within one JSON object and keeps every other byte, so that JSON stays JSON.
//
// For fields that hold an object as text: headers, metadata. One object of it masks one text. Throws std::bad_alloc
// only.
#ifndef LOGS_SDK_MASKING_OBJECT_MASKER_H_
#define LOGS_SDK_MASKING_OBJECT_MASKER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

class ObjectMasker {
 public:
  // What the members of the object are: a header that comes more than once is a list of its values.
  enum class Members : std::uint8_t { kHeaders, kValues };

  // `object`: well-formed. `marked`: see mask_up_to_cut(). `out` is appended to.
  ObjectMasker(const Masker& masker, Members members, std::string_view object, Extent marked, std::string& out)
      : masker_(masker), members_(members), object_(object), marked_(marked), out_(out) {}

  // Once. False: nothing to mask, and `out` is as it was.
  bool mask();

 private:
  void mask_members(std::string_view container, std::string_view name);
  void mask_value(std::string_view name, std::string_view token);
  void mask_string(std::string_view name, std::string_view token);
  void replace(std::string_view token);

  const Masker& masker_;
  const Members members_;
  const std::string_view object_;
  const Extent marked_;
  std::string& out_;
  std::size_t done_ = 0;  // bytes of object_ that stand in out_, masked
  std::string value_storage_, masked_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_MASKING_OBJECT_MASKER_H_
