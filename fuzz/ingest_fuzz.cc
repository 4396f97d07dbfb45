// A whole request to logs-server: method, target, headers and body of the input, through the router, the guards, group
// commit and back out by the query API. Promised: every answer is JSON and none is 5xx; the counts add up to what was
// sent; what was accepted is listed, once, and found by its uuid; a stored document has all fields of its kind, and an
// audit of it finds nothing to mask; the same post again stores nothing that had a uuid.
//
// Input: "POST /api/v1/ingest/logs?q=…", header lines, an empty line, the body. The parameters of the target are those
// of the list that is asked for afterwards. A body whose Content-Encoding is ours is compressed here, for no mutation
// finds a checksum. `"password":"?"` within the body becomes a secret, which must not come out again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "fuzz/support/entry_check.h"
#include "fuzz/support/json_mutator.h"
#include "fuzz/support/json_value.h"
#include "fuzz/support/promise.h"
#include "fuzz/support/whole_server.h"
#include "src/audit/entry_audit.h"
#include "src/base/compression.h"
#include "src/masking/masker.h"

namespace {

using namespace logs_server;
using logs_sdk::fuzz::parse_json;
using logs_sdk::fuzz::promise;
using logs_sdk::fuzz::text_of;
using rapidjson::Value;

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

// The secret put in where the input has a place for it.
std::string with_secrets(std::string_view body) {
  constexpr std::string_view kPlace = R"("password":"?")";
  std::string out;
  for (std::size_t at = 0; (at = body.find(kPlace)) != std::string_view::npos;) {
    out.append(body.substr(0, at)).append(R"("password":")").append(logs_sdk::fuzz::kCanary).append("\"");
    body.remove_prefix(at + kPlace.size());
  }
  return out.append(body);
}

void compress(Request& request) {
  static logs_sdk::Compressor compressor;
  const auto encoding = parse_content_encoding(request.header("content-encoding").value_or(""));
  if (!encoding || *encoding == logs_sdk::Encoding::kIdentity) return;
  std::string packed;
  promise(compressor.compress(*encoding, request.body, packed).ok(), "what is sent can be compressed");
  request.body = std::move(packed);
}

// None: no target that a connection would let through.
std::optional<Request> request_of(std::string_view head) {
  Request request;
  std::string_view line = take_line(head);
  request.method = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(request.method.size() + 1, line.size()));
  const auto target = parse_target(line.substr(0, line.find(' ')));
  if (!target) return std::nullopt;
  request.path = target->path;
  request.query = parse_query(target->query);
  request.peer_address = "127.0.0.1";
  while (!head.empty()) {
    line = take_line(head);
    const std::size_t colon = std::min(line.find(": "), line.size());
    std::string name(line.substr(0, colon));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    request.headers.emplace_back(std::move(name), line.substr(std::min(colon + 2, line.size())));
  }
  return request;
}

// What another parser finds in a body that it can read.
struct Sent {
  std::size_t entries = 0, without_uuid = 0;
  bool interrupted = false;  // an entry that another one may replace
};

std::optional<Sent> sent_in(const std::string& body) {
  const rapidjson::Document document = parse_json(body, logs_sdk::fuzz::Numbers::kAsText);
  if (document.HasParseError() || !document.IsObject() || !document.HasMember("logs")) return std::nullopt;
  const Value& logs = document["logs"];
  if (!logs.IsArray()) return std::nullopt;
  Sent sent;
  sent.entries = logs.Size();
  sent.interrupted = body.find("interrupted") != std::string::npos || body.find('\\') != std::string::npos;
  for (const Value& entry : logs.GetArray()) {
    if (!entry.IsObject()) continue;
    std::string_view uuid;
    logs_sdk::fuzz::each_member(entry, [&uuid](std::string_view name, const Value& value) {
      if (name == "uuid") uuid = value.IsString() ? text_of(value) : "";  // of several, the last one counts
    });
    if (uuid.find_first_not_of("0-{}") == std::string_view::npos) ++sent.without_uuid;
  }
  return sent;
}

struct Counts {
  std::size_t accepted = 0, duplicate = 0, rejected = 0;
  std::size_t sum() const { return accepted + duplicate + rejected; }
};

Counts counts_of(const Response& answer) {
  const rapidjson::Document document = parse_json(answer.body);
  promise(!document.HasParseError() && document.IsObject(), "the answer to a post is JSON", answer.body);
  Counts counts{document["accepted"].GetUint64(), document["duplicate"].GetUint64(), document["rejected"].Size()};
  std::set<std::uint64_t> places;
  for (const Value& each : document["rejected"].GetArray()) {
    promise(text_of(each["reason"]) != "" && places.insert(each["index"].GetUint64()).second,
            "a rejected entry has its reason and its place", answer.body);
  }
  promise(places.empty() || *places.rbegin() < counts.sum(), "a rejected entry is one of those sent", answer.body);
  return counts;
}

// A stored document as the query API shows it.
void check_document(const ScannedEntry& entry) {
  static const logs_sdk::Masker masker({}, {});
  const bool infra = entry.columns().kind == EntryKind::kInfra;
  const std::string_view document = entry.document();
  const std::string uuid =
      check_entry(document, infra ? logs_sdk::fuzz::EntryKind::kStoredInfra : logs_sdk::fuzz::EntryKind::kEntry,
                  {.max_body_bytes = 65'536, .max_stack_bytes = 65'536});
  promise(logs_sdk::Uuid::parse(uuid) == entry.columns().uuid, "a document has the uuid of its row", document);
  logs_sdk::fuzz::promise_no_secret(document);
  const auto form = infra ? logs_sdk::EntryForm::kInfra : logs_sdk::EntryForm::kEntry;
  const auto findings = audit_entry(masker, form, document);
  promise(findings.has_value(), "an audit can read what is stored", document);
  promise(findings->fields.empty() || !logs_sdk::fuzz::is_as_masked(document),
          "an audit finds nothing to mask in what is stored", document);
}

rapidjson::Document page_of(const Response& answer) {
  rapidjson::Document page = parse_json(answer.body);
  promise(answer.status == 200 && !page.HasParseError(), "a list of what is stored is JSON", answer.body);
  return page;
}

// Lists everything, page by page, and asks for each entry by its uuid. Returns how many there are.
std::size_t check_lists(fuzz::WholeServer& server) {
  std::size_t listed = 0;
  std::set<std::string> seen;
  std::string cursor;
  do {
    const rapidjson::Document page = page_of(server.get("/api/v1/logs?limit=7&cursor=" + cursor));
    for (const Value& entry : page["logs"].GetArray()) {
      ++listed;
      const std::string uuid(text_of(entry["uuid"]));
      promise(seen.insert(uuid).second, "an entry is listed once", uuid);
      const Response found = server.get("/api/v1/logs/" + uuid);
      const rapidjson::Document document = parse_json(found.body);
      promise(found.status == 200 && document == entry, "an entry is found by its uuid as it is listed", found.body);
    }
    cursor = page["next_cursor"].IsString() ? text_of(page["next_cursor"]) : "";
  } while (!cursor.empty());
  return listed;
}

// What any request gets: JSON, or no body at all, that names no secret.
Response asked(fuzz::WholeServer& server, const Request& request) {
  Response answer = server.ask(request);
  promise(answer.status < 500 && logs_sdk::fuzz::is_json(answer.body), "an answer is JSON and no 5xx", answer.body);
  logs_sdk::fuzz::promise_no_secret(answer.body);
  return answer;
}

void check_post(fuzz::WholeServer& server, const Request& request, const std::string& body) {
  const Response answer = asked(server, request);
  if (answer.status != 200) {
    promise(server.store().count().value() == 0, "of a refused post nothing is stored", answer.body);
    return;
  }
  const Counts first = counts_of(answer);
  const std::optional<Sent> sent = sent_in(body);
  promise(!sent || sent->entries == first.sum(), "the counts add up to what was sent", answer.body);
  const std::size_t stored = server.store().count().value();
  const bool all_kept = stored == first.accepted || (stored < first.accepted && (!sent || sent->interrupted));
  promise(all_kept, "what is accepted is stored", answer.body);
  const auto visit = [](const ScannedEntry& entry) {
    check_document(entry);
    return true;
  };
  promise(server.store().scan({}, visit).ok() && check_lists(server) == stored, "what is stored is listed", body);

  const Response list_answer = [&] {
    Request list = request;
    list.method = "GET";
    list.path = "/api/v1/logs";
    list.body.clear();
    list.headers.clear();
    return asked(server, list);
  }();
  if (list_answer.status == 200) page_of(list_answer);
  page_of(server.get("/api/v1/clients"));

  const Counts again = counts_of(asked(server, request));
  promise(again.sum() == first.sum() && again.rejected == first.rejected, "the same post gets the same verdicts", body);
  promise(!sent || again.accepted <= sent->without_uuid, "what has a uuid is stored once", body);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  using namespace logs_sdk::fuzz;
  return mutate_input(Layout::kHeadAndJson, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::WholeServer server;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (logs_sdk::fuzz::holds_canary(input)) return 0;
  const auto [head, json] = logs_sdk::fuzz::split_input(input);
  std::optional<Request> request = request_of(head);
  if (!request) return 0;
  const std::string body = with_secrets(json);
  request->body = body;
  compress(*request);
  server.store().empty();
  if (request->method == "POST" && request->path.starts_with("/api/v1/ingest/")) {
    check_post(server, *request, body);
  } else {
    asked(server, *request);
  }
  return 0;
}
