#include "src/sdk/readable_stack.h"

#include <cstddef>

#include "src/json/utf8.h"

namespace logs_sdk::inline v1 {
namespace {

struct Line {
  std::string text;
  bool throws = false;
};

std::string text_of(const CodePlace& place, std::string_view line) {
  std::string text = place.function.empty() ? "unknown function" : place.function;
  if (!place.file.empty()) {
    text.append(" at ").append(place.file).append(":").append(std::to_string(place.line));
  } else {  // without the build id
    text.append(" (").append(line.substr(0, line.rfind(" ["))).append(")");
  }
  std::string repaired;  // names of files and functions are bytes
  append_repaired(text, repaired);
  return repaired;
}

std::vector<Line> readable_lines(const std::vector<std::string_view>& lines,
                                 const std::vector<std::vector<CodePlace>>& places) {
  std::vector<Line> readable;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (places[i].empty()) readable.push_back({std::string(lines[i])});
    for (auto place = places[i].rbegin(); place != places[i].rend(); ++place) {
      if (!is_ours(*place)) readable.push_back({text_of(*place, lines[i]), only_throws(*place)});
    }
  }
  return readable;
}

}  // namespace

ReadableStack readable_stack(const std::vector<std::string_view>& lines,
                             const std::vector<std::vector<CodePlace>>& places) {
  std::vector<Line> readable = readable_lines(lines, places);
  while (readable.size() > 1 && readable.back().throws) readable.pop_back();
  ReadableStack result;
  for (const Line& line : readable) {
    if (!result.stack.empty()) result.stack += '\n';
    result.stack += line.text;
  }
  if (!readable.empty()) result.location = std::move(readable.back().text);
  return result;
}

}  // namespace logs_sdk::inline v1
