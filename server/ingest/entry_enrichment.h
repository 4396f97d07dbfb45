// The nine fields of an entry that the server fills when they arrive empty, from what the entry says itself.
//
// Free functions without state; the time is that of the entry's post. A field that arrived with a value keeps it, and
// what belongs to another value is not put beside it: no version of ours to a browser of theirs, no city of ours to
// their country.
#ifndef LOGS_SERVER_INGEST_ENTRY_ENRICHMENT_H_
#define LOGS_SERVER_INGEST_ENTRY_ENRICHMENT_H_

#include <array>
#include <string>

#include "logs_sdk/entry.h"
#include "server/enrich/enricher.h"
#include "server/ingest/raw_entry.h"
#include "src/entry/field_table.h"

namespace logs_server {

// In table order.
inline constexpr std::array kEnrichedFields = {
    logs_sdk::Field::kClientCountry,  logs_sdk::Field::kClientProvince, logs_sdk::Field::kClientCity,
    logs_sdk::Field::kClientIsp,      logs_sdk::Field::kDeviceType,     logs_sdk::Field::kBrowser,
    logs_sdk::Field::kBrowserVersion, logs_sdk::Field::kOsName,         logs_sdk::Field::kOsVersion};

// Of an entry that was read into its fields.
void enrich(const Enricher& enricher, RuleTime& time, logs_sdk::LogEntry& entry);

// Of an entry whose every token is canonical: its text with the tokens of these fields put in, all else byte for byte.
std::string enriched_text(const Enricher& enricher, RuleTime& time, const RawEntry& raw);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_ENTRY_ENRICHMENT_H_
