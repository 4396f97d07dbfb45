#include "server/query/matcher.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/query/query_syntax.h"
#include "server/query/text_folding.h"
#include "server/query/wildcard.h"

namespace logs_server {
namespace {

using Predicates = std::vector<std::unique_ptr<Predicate>>;

std::unique_ptr<Predicate> compile(const Query& query);

Predicate::Cost cost_of(const QueryField& field) {
  return field.member.empty() && EntryFields::is_column(field.field) ? Predicate::Cost::kColumns
                                                                     : Predicate::Cost::kFields;
}

// What a field holds, as it is compared with text. None: a field or member that is not there.
class TextOf {
 public:
  TextOf(EntryFields& fields, const QueryField& field) {
    if (!field.member.empty()) {
      text_ = fields.member(field.field, field.member);
      return;
    }
    const std::optional<FieldValue> value = fields.value(field.field);
    if (!value) return;
    if (const auto* number = std::get_if<std::int64_t>(&*value)) digits_ = std::to_string(*number);
    if (const auto* truth = std::get_if<bool>(&*value)) digits_ = *truth ? "true" : "false";
    const auto* text = std::get_if<std::string_view>(&*value);
    text_ = text != nullptr ? *text : std::string_view(digits_);
  }
  TextOf(const TextOf&) = delete;
  TextOf& operator=(const TextOf&) = delete;

  const std::optional<std::string_view>& get() const { return text_; }

 private:
  std::string digits_;
  std::optional<std::string_view> text_;
};

template <typename Value>
bool holds(Relation relation, const Value& left, const Value& right) {
  switch (relation) {
    case Relation::kLess:
      return left < right;
    case Relation::kLessOrEqual:
      return left <= right;
    case Relation::kGreater:
      return left > right;
    case Relation::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

class AllOf final : public Predicate {
 public:
  explicit AllOf(Predicates parts) : parts_(std::move(parts)) {}
  bool matches(EntryFields& fields) const override {
    return std::all_of(parts_.begin(), parts_.end(), [&](const auto& part) { return part->matches(fields); });
  }
  Cost cost() const override { return parts_.empty() ? Cost::kColumns : parts_.back()->cost(); }

 private:
  const Predicates parts_;
};

class OneOf final : public Predicate {
 public:
  explicit OneOf(Predicates parts) : parts_(std::move(parts)) {}
  bool matches(EntryFields& fields) const override {
    return std::any_of(parts_.begin(), parts_.end(), [&](const auto& part) { return part->matches(fields); });
  }
  Cost cost() const override { return parts_.back()->cost(); }

 private:
  const Predicates parts_;
};

class NoneOf final : public Predicate {
 public:
  explicit NoneOf(std::unique_ptr<Predicate> part) : part_(std::move(part)) {}
  bool matches(EntryFields& fields) const override { return !part_->matches(fields); }
  Cost cost() const override { return part_->cost(); }

 private:
  const std::unique_ptr<Predicate> part_;
};

class ContainsText final : public Predicate {
 public:
  explicit ContainsText(std::string_view text)
      : text_(folded(text)), stands_unescaped_(std::none_of(text.begin(), text.end(), must_be_escaped)) {}
  bool matches(EntryFields& fields) const override {
    if (text_.empty()) return true;
    // Names of fields are in the document too, so finding the text there is not enough; not finding it is.
    if (stands_unescaped_ && !contains(fields.folded_document())) return false;
    return contains(fields.folded_text());
  }
  Cost cost() const override { return Cost::kText; }

 private:
  static bool must_be_escaped(char c) { return c == '"' || c == '\\' || (c >= 0 && c < ' '); }
  bool contains(std::string_view text) const { return find_text(text, text_) != std::string_view::npos; }

  const std::string text_;
  const bool stands_unescaped_;
};

class IsOneOf final : public Predicate {
 public:
  explicit IsOneOf(const AnyOf& term) : field_(term.field) {
    for (const Pattern& pattern : term.patterns) {
      if (pattern.wildcard) {
        wildcards_.emplace_back(folded(pattern.text));
      } else {
        plain_.push_back(canonical(pattern.text));
      }
    }
  }
  bool matches(EntryFields& fields) const override {
    const TextOf value(fields, field_);
    if (!value.get()) return false;
    const auto equals = [&](std::string_view text) { return equals_folded(*value.get(), text); };
    if (std::any_of(plain_.begin(), plain_.end(), equals)) return true;
    if (wildcards_.empty()) return false;
    const std::string text = folded(*value.get());
    return std::any_of(wildcards_.begin(), wildcards_.end(), [&](const Wildcard& each) { return each.matches(text); });
  }
  Cost cost() const override { return cost_of(field_); }

 private:
  // As the entry writes the value: 0500 and 500 are one number.
  std::string canonical(std::string_view text) const {
    const bool is_integer = field_.member.empty() && comparable_as(field_) == Comparable::kInteger;
    const auto number = is_integer ? parse_integer(text, field_) : std::nullopt;
    return number ? std::to_string(*number) : folded(text);
  }

  const QueryField field_;
  std::vector<std::string> plain_;
  std::vector<Wildcard> wildcards_;
};

class Compares final : public Predicate {
 public:
  Compares(QueryField field, Relation relation, std::string value)
      : field_(std::move(field)), relation_(relation), text_(std::move(value)) {
    integer_ = parse_integer(text_, field_).value_or(0);
    number_ = parse_number(text_).value_or(0);
  }
  bool matches(EntryFields& fields) const override {
    if (comparable_as(field_) == Comparable::kInteger) {
      const std::optional<FieldValue> value = fields.value(field_.field);
      return value && holds(relation_, std::get<std::int64_t>(*value), integer_);
    }
    const TextOf value(fields, field_);
    if (!value.get()) return false;
    if (comparable_as(field_) == Comparable::kText) return holds(relation_, *value.get(), std::string_view(text_));
    const auto number = parse_number(*value.get());
    return number && holds(relation_, *number, number_);
  }
  Cost cost() const override { return cost_of(field_); }

 private:
  const QueryField field_;
  const Relation relation_;
  const std::string text_;
  std::int64_t integer_ = 0;
  double number_ = 0;
};

class HasValue final : public Predicate {
 public:
  explicit HasValue(QueryField field) : field_(std::move(field)) {}
  bool matches(EntryFields& fields) const override {
    if (!field_.member.empty()) return fields.member(field_.field, field_.member).has_value();
    const std::optional<FieldValue> value = fields.value(field_.field);
    if (!value) return false;
    if (const auto* number = std::get_if<std::int64_t>(&*value)) return *number != 0;
    if (const auto* truth = std::get_if<bool>(&*value)) return *truth;
    const auto text = std::get<std::string_view>(*value);
    return !text.empty() && text != "{}" && text != info(field_.field).default_text;
  }
  Cost cost() const override { return cost_of(field_); }

 private:
  const QueryField field_;
};

struct Compiler {
  std::unique_ptr<Predicate> operator()(const AndTerm& term) const {
    return std::make_unique<AllOf>(parts(term.operands));
  }
  std::unique_ptr<Predicate> operator()(const OrTerm& term) const {
    return std::make_unique<OneOf>(parts(term.operands));
  }
  std::unique_ptr<Predicate> operator()(const NotTerm& term) const {
    return std::make_unique<NoneOf>(compile(term.operand.front()));
  }
  std::unique_ptr<Predicate> operator()(const TextTerm& term) const {
    return std::make_unique<ContainsText>(term.text);
  }
  std::unique_ptr<Predicate> operator()(const AnyOf& term) const { return std::make_unique<IsOneOf>(term); }
  std::unique_ptr<Predicate> operator()(const Comparison& term) const {
    return std::make_unique<Compares>(term.field, term.relation, term.value);
  }
  std::unique_ptr<Predicate> operator()(const RangeTerm& term) const {
    Predicates ends;
    if (term.low) ends.push_back(std::make_unique<Compares>(term.field, Relation::kGreaterOrEqual, *term.low));
    if (term.high) ends.push_back(std::make_unique<Compares>(term.field, Relation::kLessOrEqual, *term.high));
    return std::make_unique<AllOf>(std::move(ends));
  }
  std::unique_ptr<Predicate> operator()(const HasTerm& term) const { return std::make_unique<HasValue>(term.field); }

  static Predicates parts(const std::vector<Query>& queries) {
    Predicates compiled;
    for (const Query& query : queries) compiled.push_back(compile(query));
    std::stable_sort(compiled.begin(), compiled.end(),
                     [](const auto& left, const auto& right) { return left->cost() < right->cost(); });
    return compiled;
  }
};

std::unique_ptr<Predicate> compile(const Query& query) { return std::visit(Compiler(), query.term); }

}  // namespace

Matcher::Matcher(const Query& query) : predicate_(compile(query)) {}

bool Matcher::matches(const ScannedEntry& entry) {
  fields_.load(entry);
  return predicate_->matches(fields_);
}

}  // namespace logs_server
