// UapRuleSet: the rules of one kind, and which of them a user agent is named by.
//
// A miss of the caches above runs three of these on bytes that anybody may have chosen, so: RE2, whose time is linear
// in the text; a filter by the strings that a pattern cannot do without, which leaves a few patterns out of hundreds;
// and a bound on the memory of each pattern. Bytes are read as Latin-1: ill-formed UTF-8 is a text as any other.
// Immutable after construction; every call from any thread.
#ifndef LOGS_SERVER_ENRICH_UAP_RULE_SET_H_
#define LOGS_SERVER_ENRICH_UAP_RULE_SET_H_

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/enrich/uap_rules.h"

namespace logs_server {

// UTF-8. A part that the user agent does not tell is empty; the name is kUnknownName when no rule applies.
struct UapName {
  std::string name;
  std::array<std::string, kUapParts - 1> version;  // major, minor, patch

  friend bool operator==(const UapName&, const UapName&) = default;
};

inline constexpr std::string_view kUnknownName = "Other";  // as uap-core calls it

class UapRuleSet {
 public:
  // `rules` outlive the set.
  explicit UapRuleSet(std::span<const UapRule> rules);
  ~UapRuleSet();
  UapRuleSet(const UapRuleSet&) = delete;
  UapRuleSet& operator=(const UapRuleSet&) = delete;

  UapName name(std::string_view user_agent) const;

  // Rules left out, because RE2 cannot run their patterns (lookarounds, back references).
  std::size_t left_out() const;

 private:
  class Impl;
  const std::unique_ptr<const Impl> impl_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_UAP_RULE_SET_H_
