// RawEntry: the members of a posted entry as JSON tokens, views into the posted body. Every token is one well-formed
// JSON value in UTF-8, without spaces around it.
#ifndef LOGS_SERVER_INGEST_RAW_ENTRY_H_
#define LOGS_SERVER_INGEST_RAW_ENTRY_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/entry/field_table.h"
#include "src/entry/infra_field_table.h"

namespace logs_server {

static_assert(logs_sdk::kInfraFieldCount <= logs_sdk::kFieldCount);

struct RawEntry {
  // Indexed by Field or InfraField, as the kind of the entry is; empty: missing. Of a name that comes twice the last
  // value, as everywhere.
  std::array<std::string_view, logs_sdk::kFieldCount> values{};
  std::vector<std::pair<std::string, std::string_view>> unknown;  // names decoded
  // The whole object when it has the layout of our own encoder: the names of its kind once, in table order, with
  // nothing between the tokens. Empty otherwise.
  std::string_view compact_text;

  template <typename Field>
  std::string_view operator[](Field field) const {
    return values[static_cast<std::size_t>(field)];
  }
};

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_RAW_ENTRY_H_
