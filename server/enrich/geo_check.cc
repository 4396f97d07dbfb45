#include "server/enrich/geo_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace logs_server {
namespace {

constexpr std::string_view kMetadataMarker = "\xab\xcd\xefMaxMind.com";
// Published files have five levels, and some hundred values in a record.
constexpr int kMaxDepth = 32;
constexpr int kMaxValues = 20'000;

// Walks over values of one section, of which pointers count from its beginning.
class SectionWalk {
 public:
  explicit SectionWalk(std::string_view section) : section_(section) {}

  // Whether the value at `offset`, with all it holds and points at, lies within the section and the bounds.
  bool is_sound(std::size_t offset) {
    values_left_ = kMaxValues;
    return walk(offset, 0).has_value();
  }

 private:
  struct Control {
    int type = 0;
    std::size_t size = 0;  // of a pointer: where it points
    std::size_t end = 0;   // where the payload begins
  };

  // `count` bytes, the highest first.
  std::optional<std::size_t> number_at(std::size_t offset, std::size_t count) const {
    if (offset > section_.size() || section_.size() - offset < count) return std::nullopt;
    std::size_t number = 0;
    for (const char c : section_.substr(offset, count)) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }

  std::optional<Control> control_at(std::size_t offset) const {
    const auto first = number_at(offset, 1);
    if (!first) return std::nullopt;
    Control control{.type = static_cast<int>(*first >> 5), .size = *first & 31, .end = offset + 1};
    if (control.type == MMDB_DATA_TYPE_POINTER) return pointer_at(control, *first);
    if (control.type == MMDB_DATA_TYPE_EXTENDED) {
      const auto extended = number_at(control.end++, 1);
      if (!extended) return std::nullopt;
      control.type = static_cast<int>(*extended) + 7;
    }
    if (control.size >= 29) {
      const std::size_t bytes = control.size - 28;
      constexpr std::size_t kBase[] = {0, 29, 285, 65'821};
      const auto more = number_at(control.end, bytes);
      if (!more) return std::nullopt;
      control.size = kBase[bytes] + *more;
      control.end += bytes;
    }
    return control;
  }

  std::optional<Control> pointer_at(Control control, std::size_t first) const {
    const std::size_t bytes = (first >> 3 & 3) + 1;
    constexpr std::size_t kBase[] = {0, 0, 2048, 526'336, 0};
    const auto low = number_at(control.end, bytes);
    if (!low) return std::nullopt;
    const std::size_t high = bytes == 4 ? 0 : (first & 7) << (8 * bytes);
    control.size = kBase[bytes] + (high | *low);
    control.end += bytes;
    return control;
  }

  // The end of the value at `offset`; none when something is wrong with it.
  std::optional<std::size_t> walk(std::size_t offset, int depth) {
    if (depth > kMaxDepth || --values_left_ < 0) return std::nullopt;
    const auto control = control_at(offset);
    if (!control) return std::nullopt;
    switch (control->type) {
      case MMDB_DATA_TYPE_POINTER: {
        const auto target = control_at(control->size);
        if (!target || target->type == MMDB_DATA_TYPE_POINTER || !walk(control->size, depth + 1)) return std::nullopt;
        return control->end;
      }
      case MMDB_DATA_TYPE_MAP:
        return members(*control, true, depth);
      case MMDB_DATA_TYPE_ARRAY:
        return members(*control, false, depth);
      case MMDB_DATA_TYPE_BOOLEAN:
        return control->size <= 1 ? std::optional(control->end) : std::nullopt;
      default:
        return scalar(*control);
    }
  }

  std::optional<std::size_t> members(const Control& control, bool named, int depth) {
    std::optional<std::size_t> end = control.end;
    for (std::size_t i = 0; end && i < control.size; ++i) {
      if (named && !is_name(*end)) return std::nullopt;
      if (named) end = walk(*end, depth + 1);
      if (end) end = walk(*end, depth + 1);
    }
    return end;
  }

  bool is_name(std::size_t offset) const {
    auto control = control_at(offset);
    if (control && control->type == MMDB_DATA_TYPE_POINTER) control = control_at(control->size);
    return control && control->type == MMDB_DATA_TYPE_UTF8_STRING;
  }

  std::optional<std::size_t> scalar(const Control& control) const {
    const auto at_most = [&](std::size_t bytes) { return control.size <= bytes; };
    bool fits = false;
    switch (control.type) {
      case MMDB_DATA_TYPE_UTF8_STRING:
      case MMDB_DATA_TYPE_BYTES:
        fits = true;
        break;
      case MMDB_DATA_TYPE_DOUBLE:
        fits = control.size == 8;
        break;
      case MMDB_DATA_TYPE_FLOAT:
        fits = control.size == 4;
        break;
      case MMDB_DATA_TYPE_UINT16:
        fits = at_most(2);
        break;
      case MMDB_DATA_TYPE_UINT32:
      case MMDB_DATA_TYPE_INT32:
        fits = at_most(4);
        break;
      case MMDB_DATA_TYPE_UINT64:
        fits = at_most(8);
        break;
      case MMDB_DATA_TYPE_UINT128:
        fits = at_most(16);
        break;
      default:
        break;
    }
    if (!fits || section_.size() - control.end < control.size) return std::nullopt;
    return control.end + control.size;
  }

  const std::string_view section_;
  int values_left_ = 0;
};

// Where records begin that the search tree leads to; none when it leads somewhere else.
std::optional<std::vector<std::uint32_t>> record_offsets(const MMDB_s& database) {
  std::vector<std::uint32_t> offsets;
  const auto add = [&](std::uint8_t type, const MMDB_entry_s& entry) {
    if (type == MMDB_RECORD_TYPE_DATA) offsets.push_back(entry.offset);
    return type != MMDB_RECORD_TYPE_INVALID;
  };
  for (std::uint32_t number = 0; number < database.metadata.node_count; ++number) {
    MMDB_search_node_s node{};
    if (MMDB_read_node(&database, number, &node) != MMDB_SUCCESS) return std::nullopt;
    if (!add(node.left_record_type, node.left_record_entry) || !add(node.right_record_type, node.right_record_entry)) {
      return std::nullopt;
    }
  }
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
  return offsets;
}

}  // namespace

std::string check_geo_metadata(std::string_view file) {
  const std::size_t marker = file.rfind(kMetadataMarker);
  if (marker == std::string_view::npos) return "is no file of the MaxMind format, or not a whole one";
  SectionWalk metadata(file.substr(marker + kMetadataMarker.size()));
  return metadata.is_sound(0) ? "" : "its metadata is damaged";
}

std::string check_geo_records(const MMDB_s& database) {
  const auto offsets = record_offsets(database);
  if (!offsets) return "its search tree is damaged";
  SectionWalk records({reinterpret_cast<const char*>(database.data_section), database.data_section_size});
  for (const std::uint32_t offset : *offsets) {
    if (!records.is_sound(offset)) return "its record at offset " + std::to_string(offset) + " is damaged";
  }
  return "";
}

}  // namespace logs_server
