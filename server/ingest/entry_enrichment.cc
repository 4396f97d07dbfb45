#include "server/ingest/entry_enrichment.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include "server/enrich/client_hints.h"
#include "server/ingest/document_reader.h"
#include "src/entry/entry_members.h"
#include "src/json/json_text.h"

namespace logs_server {
namespace {

using logs_sdk::Field;
using logs_sdk::json_string_inside;
using logs_sdk::json_string_value;
using logs_sdk::LogEntry;

static_assert(std::is_sorted(kEnrichedFields.begin(), kEnrichedFields.end()));

using Texts = std::array<std::string, kEnrichedFields.size()>;

constexpr std::size_t index_of(Field field) {
  return static_cast<std::size_t>(std::find(kEnrichedFields.begin(), kEnrichedFields.end(), field) -
                                  kEnrichedFields.begin());
}

// A field, and the one it says more about.
constexpr std::array<std::pair<Field, Field>, 4> kBelongsTo = {{{Field::kClientProvince, Field::kClientCountry},
                                                                {Field::kClientCity, Field::kClientCountry},
                                                                {Field::kBrowserVersion, Field::kBrowser},
                                                                {Field::kOsVersion, Field::kOsName}}};

void put_client(ClientDescription&& told, Texts& out) {
  out[index_of(Field::kDeviceType)] = std::move(told.device_type);
  out[index_of(Field::kBrowser)] = std::move(told.browser);
  out[index_of(Field::kBrowserVersion)] = std::move(told.browser_version);
  out[index_of(Field::kOsName)] = std::move(told.os_name);
  out[index_of(Field::kOsVersion)] = std::move(told.os_version);
}

void put_place(Place&& place, Texts& out) {
  out[index_of(Field::kClientCountry)] = std::move(place.country);
  out[index_of(Field::kClientProvince)] = std::move(place.province);
  out[index_of(Field::kClientCity)] = std::move(place.city);
  out[index_of(Field::kClientIsp)] = std::move(place.isp);
}

// Leaves of `ours` what is to be filled in; `sent(i)` is what came in the field kEnrichedFields[i].
template <typename Sent>
void leave_what_is_missing(const Sent& sent, Texts& ours) {
  for (const auto& [field, owner] : kBelongsTo) {
    const std::string_view known = sent(index_of(owner));
    if (!known.empty() && known != ours[index_of(owner)]) ours[index_of(field)].clear();
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (!sent(i).empty()) ours[i].clear();
  }
}

Texts texts_for(const Enricher& enricher, RuleTime& time, std::string_view user_agent, std::string_view headers,
                std::string_view ip) {
  Texts texts;
  put_client(enricher.describe(user_agent, headers, time), texts);
  put_place(enricher.locate(ip), texts);
  return texts;
}

}  // namespace

void enrich(const Enricher& enricher, RuleTime& time, LogEntry& entry) {
  const auto member = [&](std::size_t i) -> std::string& {
    return entry.*
           std::get<std::string LogEntry::*>(logs_sdk::kEntryMembers[static_cast<std::size_t>(kEnrichedFields[i])]);
  };
  Texts texts = texts_for(enricher, time, entry.user_agent, entry.request_headers, entry.client_ip);
  leave_what_is_missing([&](std::size_t i) -> std::string_view { return member(i); }, texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) member(i) = std::move(texts[i]);
  }
}

std::string enriched_text(const Enricher& enricher, RuleTime& time, const RawEntry& raw) {
  const std::string_view headers = raw[Field::kRequestHeaders];
  Texts texts = texts_for(enricher, time, json_string_value(raw[Field::kUserAgent]),
                          may_hold_client_hints(headers) ? json_string_value(headers) : std::string(),
                          json_string_inside(raw[Field::kClientIp]));
  leave_what_is_missing([&](std::size_t i) { return json_string_inside(raw[kEnrichedFields[i]]); }, texts);
  std::string out;
  out.reserve(raw.compact_text.size() + 256);
  const char* from = raw.compact_text.data();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    const std::string_view token = raw[kEnrichedFields[i]];
    assert(token == "\"\"");
    out.append(from, token.data());
    logs_sdk::append_json_string(limited(std::move(texts[i])), out);
    from = token.data() + token.size();
  }
  return out.append(from, raw.compact_text.data() + raw.compact_text.size());
}

}  // namespace logs_server
