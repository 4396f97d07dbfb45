#include "src/masking/object_masker.h"

#include "src/json/json_text.h"
#include "src/masking/cut_mark.h"

namespace logs_sdk::inline v1 {

bool ObjectMasker::mask() {
  mask_members(object_, {});
  if (done_ > 0) out_.append(object_.substr(done_));
  return done_ > 0;
}

// `name`: of the list, which its elements have too.
void ObjectMasker::mask_members(std::string_view container, std::string_view name) {
  JsonMembers members(container);
  std::string storage;
  for (std::string_view own_name, value; members.next(own_name, value);) {
    mask_value(own_name.empty() ? name : json_string_view(own_name, storage), value);
  }
}

void ObjectMasker::mask_value(std::string_view name, std::string_view token) {
  const JsonType type = json_type(token);
  if (type == JsonType::kString) return mask_string(name, token);
  masked_.clear();
  if (type != JsonType::kObject && type != JsonType::kArray) {
    if (masker_.mask_value(name, token, masked_)) replace(token);
  } else if (masker_.is_secret_name(name) && (type == JsonType::kObject || members_ != Members::kHeaders)) {
    masked_ = kMasked;
    replace(token);
  } else {
    mask_members(token, name);
  }
}

void ObjectMasker::mask_string(std::string_view name, std::string_view token) {
  masked_.clear();
  const auto mask = [&](std::string_view value, Extent extent, std::string& out) {
    return members_ == Members::kHeaders ? masker_.mask_header(name, value, out, extent)
                                         : masker_.mask_value(name, value, out, extent);
  };
  if (mask_up_to_cut(json_string_view(token, value_storage_), marked_, masked_, mask)) replace(token);
}

// `token` by masked_ as a string.
void ObjectMasker::replace(std::string_view token) {
  const auto begin = static_cast<std::size_t>(token.data() - object_.data());
  out_.append(object_.substr(done_, begin - done_));
  append_json_string(masked_, out_);
  done_ = begin + token.size();
}

}  // namespace logs_sdk::inline v1
