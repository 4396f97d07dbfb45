#include "server/enrich/uap_rule_set.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "server/enrich/atom_finder.h"
#include "src/json/utf8.h"

namespace logs_server {
namespace {

using re2::FilteredRE2;
using re2::StringPiece;

// Shorter strings stand in nearly every user agent, and would filter nothing.
constexpr int kMinAtomBytes = 3;
// Of each pattern, its automata included. What does not fit runs slower, and in linear time still.
constexpr std::int64_t kMaxPatternBytes = std::int64_t{128} << 10;
// Replacements name groups by one digit.
constexpr std::size_t kMaxGroups = 10;

using Groups = std::array<StringPiece, kMaxGroups>;  // the first is the whole match

std::string_view view(StringPiece piece) { return {piece.data(), piece.size()}; }

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// A group may begin or end within a character.
std::string repaired(std::string_view text) {
  std::string out;
  logs_sdk::append_repaired(trimmed(text), out);
  return out;
}

std::string substituted(std::string_view replacement, const Groups& groups) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (replacement[i] == '$' && next >= '1' && next <= '9') {
      out += view(groups[static_cast<std::size_t>(next - '0')]);
      ++i;
    } else {
      out += replacement[i];
    }
  }
  return repaired(out);
}

UapName named_by(const UapRule& rule, const Groups& groups) {
  const auto part = [&](std::size_t i) {
    return rule.replacements[i].empty() ? repaired(view(groups[i + 1])) : substituted(rule.replacements[i], groups);
  };
  UapName named{.name = part(0), .version = {}};
  for (std::size_t i = 1; i < kUapParts; ++i) named.version[i - 1] = part(i);
  return named;
}

RE2::Options options_of(const UapRule& rule) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_case_sensitive(!rule.ignore_case);
  options.set_max_mem(kMaxPatternBytes);
  options.set_log_errors(false);
  return options;
}

}  // namespace

class UapRuleSet::Impl {
 public:
  explicit Impl(std::span<const UapRule> rules) : filter_(kMinAtomBytes), atoms_(compile(rules)) {
    left_out_ = rules.size() - rules_.size();
  }

  UapName name(std::string_view user_agent) const {
    std::vector<int> atoms, candidates;
    atoms_.find(user_agent, atoms);
    filter_.AllPotentials(atoms, &candidates);  // in the order of the file
    Groups groups;
    for (const int candidate : candidates) {
      const UapRule& rule = *rules_[static_cast<std::size_t>(candidate)];
      if (matches(filter_.GetRE2(candidate), user_agent, groups)) return named_by(rule, groups);
    }
    return {.name = std::string(kUnknownName), .version = {}};
  }

  std::size_t left_out() const { return left_out_; }

 private:
  // The strings of which at least some stand in every text that a pattern matches.
  std::vector<std::string> compile(std::span<const UapRule> rules) {
    for (const UapRule& rule : rules) {
      int index = 0;
      const StringPiece pattern(rule.pattern.data(), rule.pattern.size());
      if (filter_.Add(pattern, options_of(rule), &index) == RE2::NoError) rules_.push_back(&rule);
    }
    std::vector<std::string> atoms;
    if (!rules_.empty()) filter_.Compile(&atoms);
    return atoms;
  }

  static bool matches(const RE2& pattern, std::string_view text, Groups& groups) {
    groups.fill({});
    const std::size_t count = std::min(kMaxGroups, static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
    return pattern.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, groups.data(),
                         static_cast<int>(count));
  }

  FilteredRE2 filter_;
  std::vector<const UapRule*> rules_;  // by the filter's index
  AtomFinder atoms_;
  std::size_t left_out_ = 0;
};

UapRuleSet::UapRuleSet(std::span<const UapRule> rules) : impl_(std::make_unique<Impl>(rules)) {}
UapRuleSet::~UapRuleSet() = default;

UapName UapRuleSet::name(std::string_view user_agent) const { return impl_->name(user_agent); }
std::size_t UapRuleSet::left_out() const { return impl_->left_out(); }

}  // namespace logs_server
