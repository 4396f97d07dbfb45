// Where the text of a case of the masking corpus stands in an entry, by each way that an entry takes.
//
// Every case stands in all fields of its kind at once: a URL in each field that holds one, a text in each that any text
// may stand in.
#ifndef LOGS_SDK_TESTS_MASKING_CORPUS_PLACE_H_
#define LOGS_SDK_TESTS_MASKING_CORPUS_PLACE_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "logs_sdk/entry.h"
#include "logs_sdk/exchange.h"
#include "logs_sdk/infra_entry.h"
#include "testing/masking_corpus.h"

namespace logs_sdk {

// A field; "request_headers/cookie" is a member of one that holds an object.
using Places = std::vector<std::string>;

// What `text` stands in, where it is short enough for the field's limit.
Places places_in_exchange(const MaskingCase& of, const std::string& text);
Places places_in_entry(const MaskingCase& of, const std::string& text);
Places places_in_infra(const MaskingCase& of, const std::string& text);

// Gives an exchange the text of a case at its places, as an adapter would.
void play(const MaskingCase& of, Exchange& exchange);

// An entry with `text` at the places of `of`: as an application fills it, or another client of the family.
LogEntry entry_with(const MaskingCase& of, const std::string& text);
InfraLogEntry infra_with(const MaskingCase& of, const std::string& text);

// As such a client posts it.
nlohmann::json posted(const LogEntry& entry);
nlohmann::json posted(const InfraLogEntry& entry);

// What stands at `place` of an entry that was read from the server; none when the place is not there.
std::optional<std::string> shown(const nlohmann::json& entry, const std::string& place);

}  // namespace logs_sdk

#endif  // LOGS_SDK_TESTS_MASKING_CORPUS_PLACE_H_
