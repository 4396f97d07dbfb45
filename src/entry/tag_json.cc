#include "src/entry/tag_json.h"

#include <cmath>
#include <cstddef>

#include "src/entry/limits.h"

namespace logs_sdk::inline v1 {
namespace {

// JSON has no word for what is not finite.
void put_real(JsonWriter& json, double value) noexcept {
  if (std::isfinite(value)) {
    json.number(value);
  } else if (std::isnan(value)) {
    json.raw("\"NaN\"");
  } else {
    value > 0 ? json.raw("\"Infinity\"") : json.raw("\"-Infinity\"");
  }
}

void put_tag(JsonWriter& json, const TagView& tag) {
  json.make_room();
  json.raw("\"");
  json.text(tag.name, kMaxTagNameBytes);
  json.raw("\":");
  switch (tag.kind) {
    case TagView::Kind::kText:
      json.raw("\"");
      json.text(tag.text, kMaxTagValueBytes);
      json.raw("\"");
      break;
    case TagView::Kind::kInteger:
      json.number(tag.integer);
      break;
    case TagView::Kind::kReal:
      put_real(json, tag.real);
      break;
    case TagView::Kind::kBoolean:
      tag.boolean ? json.raw("true") : json.raw("false");
      break;
  }
}

}  // namespace

TagView tag_view(std::string_view name, const TagValue& value) noexcept {
  TagView tag;
  tag.name = name;
  if (const auto* text = std::get_if<std::string>(&value)) {
    tag.text = *text;
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    tag.kind = TagView::Kind::kInteger;
    tag.integer = *integer;
  } else if (const auto* real = std::get_if<double>(&value)) {
    tag.kind = TagView::Kind::kReal;
    tag.real = *real;
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    tag.kind = TagView::Kind::kBoolean;
    tag.boolean = *truth;
  }
  return tag;
}

void write_tags(std::span<const TagView> tags, JsonWriter& json) {
  json.raw("{");
  for (std::size_t i = 0; i < tags.size() && i < kMaxTags; ++i) {
    if (i > 0) json.raw(",");
    put_tag(json, tags[i]);
  }
  json.raw("}");
}

}  // namespace logs_sdk::inline v1
