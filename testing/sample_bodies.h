// Bodies as others make them: the rows of testing/bodies.
#ifndef LOGS_SDK_TESTING_SAMPLE_BODIES_H_
#define LOGS_SDK_TESTING_SAMPLE_BODIES_H_

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/base/hex.h"
#include "testing/file_bytes.h"

namespace logs_sdk::inline v1 {

struct CharsetSample {
  std::string label, text, bytes;
};
struct CodingSample {
  std::string coding, bytes;
};

namespace sample_bodies {

inline std::vector<std::vector<std::string>> rows(const std::string& path) {
  std::vector<std::vector<std::string>> result;
  std::istringstream lines(file_bytes(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    for (auto& row = result.emplace_back(); std::getline(cells, line, '\t');) row.push_back(line);
  }
  if (result.empty()) throw std::runtime_error("no rows in " + path);
  return result;
}

inline std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(hex_value(text[i]) * 16 + hex_value(text[i + 1]));
  return bytes;
}

}  // namespace sample_bodies

// `folder`: testing/bodies.
inline std::vector<CharsetSample> charset_samples(const std::string& folder) {
  std::vector<CharsetSample> result;
  for (const auto& row : sample_bodies::rows(folder + "/charsets.tsv"))
    result.push_back({row.at(0), row.at(1), sample_bodies::from_hex(row.at(2))});
  return result;
}

inline std::vector<CodingSample> coding_samples(const std::string& folder) {
  std::vector<CodingSample> result;
  for (const auto& row : sample_bodies::rows(folder + "/codings.tsv"))
    result.push_back({row.at(0), sample_bodies::from_hex(row.at(1))});
  return result;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SAMPLE_BODIES_H_
