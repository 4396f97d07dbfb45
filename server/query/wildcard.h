// Wildcard: a text with *, each of which stands for any run of characters; and the search for a piece of a text.
//
// Both take time linear in the text, whatever is looked for: a query comes from outside, and one entry may be
// megabytes.
#ifndef LOGS_SERVER_QUERY_WILDCARD_H_
#define LOGS_SERVER_QUERY_WILDCARD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace logs_server {

// Where `piece` first stands in `text`; npos for nowhere. std::string_view::find takes the product of the lengths.
std::size_t find_text(std::string_view text, std::string_view piece);

class Wildcard {
 public:
  explicit Wildcard(std::string_view pattern);
  // Whether the whole of `text` is what the pattern describes.
  bool matches(std::string_view text) const;

 private:
  std::vector<std::string> pieces_;  // between the *, at least one; empty ones where a * stands at an end
};

}  // namespace logs_server

#endif  // LOGS_SERVER_QUERY_WILDCARD_H_
