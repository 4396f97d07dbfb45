// Any query over any stored row, whole or damaged, of both kinds. Promised: a query that was parsed prints to one that
// means the same; NOT, AND and OR are what logic says of their parts, asked one by one of a matcher of their own; a
// matcher that has served other rows answers as a new one; and in a whole document words and patterns are found where
// a plain search, by another parser, finds them. Input: the query, an empty line, the document.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fuzz/support/json_mutator.h"
#include "fuzz/support/json_value.h"
#include "fuzz/support/promise.h"
#include "server/query/matcher.h"
#include "server/query/query_parser.h"
#include "server/query/text_folding.h"

namespace {

using namespace logs_server;
using logs_sdk::fuzz::each_member;
using logs_sdk::fuzz::promise;
using logs_sdk::fuzz::text_of;
using rapidjson::Value;

// Of a row in a store: columns that came from the document, which may be damaged since.
class Row final : public ScannedEntry {
 public:
  Row(EntryKind kind, std::string_view document) : document_(document) {
    columns_.kind = kind;
    columns_.uuid = *logs_sdk::Uuid::parse("019b7c8f101270008e23ed79c6655dfc");
    columns_.project_slug = "shop";
    columns_.method = "GET";
    columns_.path = "/cart";
    columns_.status_code = 404;
    columns_.duration_ms = 12;
    columns_.is_error = true;
  }
  const EntryColumns& columns() const override { return columns_; }
  std::uint64_t uid() const override { return 7; }
  std::string_view document() const override { return document_; }
  bool is_damaged() const override { return document_.empty(); }

 private:
  EntryColumns columns_;
  const std::string_view document_;
};

bool matches(const Query& query, const ScannedEntry& row) { return Matcher(query).matches(row); }

// Parts of a query and what they say together.
struct Logic {
  const ScannedEntry& row;

  bool operator()(const AndTerm& term) const {
    for (const Query& each : term.operands)
      if (!answer(each)) return false;
    return true;
  }
  bool operator()(const OrTerm& term) const {
    for (const Query& each : term.operands)
      if (answer(each)) return true;
    return false;
  }
  bool operator()(const NotTerm& term) const { return !answer(term.operand.front()); }
  template <typename Leaf>
  bool operator()(const Leaf& leaf) const {
    return matches(Query{leaf}, row);
  }
  bool answer(const Query& query) const { return std::visit(*this, query.term); }
};

// A text of the document itself; what stands in columns is left to the matcher, and a text in the place of an object or
// a number is read by nobody.
bool is_own_text(std::string_view name, const Value& value) {
  const auto field = find_field_id(name);
  if (!field || !value.IsString() || EntryFields::is_column(*field)) return false;
  const logs_sdk::FieldKind kind = info(*field).kind;
  return kind == logs_sdk::FieldKind::kString || kind == logs_sdk::FieldKind::kJsonText;
}

// Whether one of the document's texts holds `word`, which is folded.
bool text_holds(const Value& document, std::string_view word) {
  bool holds = false;
  each_member(document, [&](std::string_view name, const Value& value) {
    holds = holds || (is_own_text(name, value) && folded(text_of(value)).find(word) != std::string::npos);
  });
  return holds;
}

// Whether `text` is what `pattern` describes, by trying every length that a * may have.
bool is_like(std::string_view text, std::string_view pattern, bool wildcard) {
  if (pattern.empty()) return text.empty();
  if (!wildcard || pattern.front() != '*') {
    return !text.empty() && text.front() == pattern.front() && is_like(text.substr(1), pattern.substr(1), wildcard);
  }
  for (std::size_t taken = 0; taken <= text.size(); ++taken) {
    if (is_like(text.substr(taken), pattern.substr(1), wildcard)) return true;
  }
  return false;
}

// What the term says of a text of the document; none where a plain look does not tell.
std::optional<bool> expected(const AnyOf& term, const Value& document) {
  constexpr std::size_t kMostBytes = 40;  // trying takes the power of the stars
  const std::string name(info(term.field.field).name);
  const auto found = document.FindMember(name.c_str());
  if (!term.field.member.empty() || !(found < document.MemberEnd()) || !is_own_text(name, found->value)) return {};
  const std::string text = folded(text_of(found->value));
  if (text.size() > kMostBytes) return {};
  for (const Pattern& each : term.patterns) {
    if (each.text.size() > kMostBytes) return {};
    if (is_like(text, folded(each.text), each.wildcard)) return true;
  }
  return false;
}

// Terms that a plain search can answer too, where the document is as ingest writes it: only then every text is read.
void check_leaf(const Query& query, const Row& row, const Value& document) {
  if (const auto* word = std::get_if<TextTerm>(&query.term)) {
    const std::string text = folded(word->text);
    if (text_holds(document, text)) promise(matches(query, row), "a word that stands in a text is found", text);
  } else if (const auto* any = std::get_if<AnyOf>(&query.term)) {
    const std::optional<bool> answer = expected(*any, document);
    promise(!answer || *answer == matches(query, row), "a value is found by what describes it", row.document());
  }
}

void check_leaves(const Query& query, const Row& row, const Value& document) {
  const auto all = [&](const auto& term) {
    for (const Query& each : term) check_leaves(each, row, document);
  };
  if (const auto* parts = std::get_if<AndTerm>(&query.term)) return all(parts->operands);
  if (const auto* parts = std::get_if<OrTerm>(&query.term)) return all(parts->operands);
  if (const auto* part = std::get_if<NotTerm>(&query.term)) return all(part->operand);
  check_leaf(query, row, document);
}

// One entry of the kind, every known field a value of its type, none of them twice. Ingest writes no half of a
// surrogate pair, and what holds one is read by nobody.
bool is_whole(EntryKind kind, std::string_view text, const Value& document) {
  if (!document.IsObject() || text.find("\\ud") != text.npos || text.find("\\uD") != text.npos) return false;
  std::vector<bool> seen(kQueryFields.size());
  bool whole = true;
  each_member(document, [&](std::string_view name, const Value&) {
    const auto field = find_field_id(name);
    whole = whole && field && has_field(kind, *field) && !seen[field->index()];
    if (whole) seen[field->index()] = true;
  });
  return whole;
}

void check(const Query& query, EntryKind kind, std::string_view text) {
  static const Query everything{AndTerm{}};
  const Row row(kind, text), damaged(kind, ""), half(kind, text.substr(0, text.size() / 2));
  const bool found = matches(query, row);
  promise(found == Logic{row}.answer(query), "AND, OR and NOT are what logic says", text);
  promise(matches(everything, row), "an empty query asks for everything");

  Matcher used(query);
  for (const Row* other : {&half, &damaged}) used.matches(*other);
  promise(used.matches(row) == found, "a matcher keeps nothing of the row before", text);

  const rapidjson::Document document = logs_sdk::fuzz::parse_json(text);
  if (!document.HasParseError() && is_whole(kind, text, document)) check_leaves(query, row, document);
}

// A query for a value of the document: its beginning and its end, which may overlap, with a * between them. That both
// halves of an input come to agree is not left to chance.
std::string query_for(std::string_view document, std::minstd_rand& random) {
  constexpr std::size_t kMostBytes = 12;
  const rapidjson::Document parsed = logs_sdk::fuzz::parse_json(document);
  if (parsed.HasParseError() || !parsed.IsObject() || parsed.ObjectEmpty()) return {};
  const auto& member = *(parsed.MemberBegin() + static_cast<std::ptrdiff_t>(random() % parsed.MemberCount()));
  if (!member.value.IsString()) return {};
  std::string_view text = text_of(member.value).substr(0, kMostBytes);
  text = text.substr(0, text.find_first_of(" \t\r\n\"\\*,()[]:<>=-{}"));
  const std::size_t begin = random() % (text.size() + 1), end = random() % (text.size() + 1);
  return std::string(text_of(member.name)) + ":" + std::string(text.substr(0, begin)) + "*" +
         std::string(text.substr(end));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
  using namespace logs_sdk::fuzz;
  std::minstd_rand random(seed);
  if (random() % 4 == 0) {
    const HeadAndJson parts = split_input({reinterpret_cast<const char*>(data), size});
    const std::string query = query_for(parts.json, random), input = query + "\n\n" + std::string(parts.json);
    if (!query.empty() && input.size() <= max) {
      std::copy(input.begin(), input.end(), data);
      return input.size();
    }
  }
  return mutate_input(Layout::kHeadAndJson, data, size, max, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [text, document] = logs_sdk::fuzz::split_input({reinterpret_cast<const char*>(data), size});
  const auto parsed = parse_query_text(text);
  const auto* query = std::get_if<Query>(&parsed);
  if (query == nullptr) return 0;
  for (const EntryKind kind : {EntryKind::kEntry, EntryKind::kInfra}) check(*query, kind, document);
  const std::string printed = print(*query);
  if (printed.size() > kMaxQueryBytes) return 0;  // quoting may make it longer than what may be asked
  const auto again = parse_query_text(printed);
  promise(std::holds_alternative<Query>(again) && std::get<Query>(again) == *query,
          "a query that is printed means the same", printed);
  return 0;
}
