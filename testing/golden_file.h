// Golden files: testing/golden/<folder>/<case>.txt is what goes in, <case>.json the exact line that comes out.
//
// A line of the input is `name = value`; '#' begins a comment. In values \n \r \t \\ \xHH stand for bytes, and
// \(text*count) for a repetition. LOGS_SDK_UPDATE_GOLDEN=1 writes the lines anew, for a person to read the difference.
#ifndef LOGS_SDK_TESTING_GOLDEN_FILE_H_
#define LOGS_SDK_TESTING_GOLDEN_FILE_H_

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/hex.h"
#include "testing/file_bytes.h"

namespace logs_sdk::golden {

inline std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    switch (const char kind = text.at(++i)) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'x':
        out += static_cast<char>(hex_value(text.at(i + 1)) * 16 + hex_value(text.at(i + 2)));
        i += 2;
        break;
      case '(': {
        const std::size_t star = text.find('*', i), close = text.find(')', i);
        const std::string part = unescaped(text.substr(i + 1, star - i - 1));
        for (int count = std::stoi(std::string(text.substr(star + 1, close - star - 1))); count > 0; --count)
          out += part;
        i = close;
        break;
      }
      default:
        out += kind;
    }
  }
  return out;
}

// The lines of an input file: names as they stand, values as bytes.
inline std::vector<std::pair<std::string, std::string>> assignments(const std::filesystem::path& path) {
  std::vector<std::pair<std::string, std::string>> result;
  std::istringstream lines(file_bytes(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos) throw std::runtime_error(path.string() + ": no ' = ' in: " + line);
    result.emplace_back(line.substr(0, equals), unescaped(std::string_view(line).substr(equals + 3)));
  }
  return result;
}

inline std::vector<std::string> case_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".txt") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What `line` has to be, after it was written there if that was asked for.
inline std::string expected_line(const std::filesystem::path& path, const std::string& line) {
  if (std::getenv("LOGS_SDK_UPDATE_GOLDEN") != nullptr) replace_file(path, line + '\n');
  return file_bytes(path);
}

}  // namespace logs_sdk::golden

#endif  // LOGS_SDK_TESTING_GOLDEN_FILE_H_
