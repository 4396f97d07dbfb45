// Matcher: a query made ready to be asked of one entry after the other.
//
// A linear scan is the plan: what the store narrows is the range of time and the project. Within AND and OR the terms
// are tried cheapest first (columns, then the document's text, then its parsed fields); that changes no answer. One
// thread at a time.
#ifndef LOGS_SERVER_QUERY_MATCHER_H_
#define LOGS_SERVER_QUERY_MATCHER_H_

#include <memory>

#include "server/query/entry_fields.h"
#include "server/query/query.h"
#include "server/store/store.h"

namespace logs_server {

// One term of the query, compiled.
class Predicate {
 public:
  // What it has to look at, cheapest first.
  enum class Cost { kColumns, kText, kFields };

  virtual ~Predicate() = default;
  virtual bool matches(EntryFields& fields) const = 0;
  virtual Cost cost() const = 0;
};

class Matcher {
 public:
  // `query` comes from the parser: its values are known to fit their fields.
  explicit Matcher(const Query& query);
  bool matches(const ScannedEntry& entry);

 private:
  const std::unique_ptr<Predicate> predicate_;
  EntryFields fields_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_MATCHER_H_
