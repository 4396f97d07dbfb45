// Reads testing/masking_corpus: what has to be masked and what has to survive. The format is described in its
// README.md.
#ifndef LOGS_SDK_TESTING_MASKING_CORPUS_H_
#define LOGS_SDK_TESTING_MASKING_CORPUS_H_

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/hex.h"
#include "testing/file_bytes.h"

namespace logs_sdk::inline v1 {

struct MaskingCase {
  enum class Where { kBody, kHeader, kTag, kUrl, kQuery, kText };

  std::string name;
  Where where = Where::kText;
  std::string of;  // the content type of a body, the name of a header or tag; else empty
  bool cut = false;
  std::vector<std::string> extra, allow;
  std::string input, output;
  std::vector<std::string> secrets;

  bool survives() const { return input == output; }
};

// GoogleTest names a case in its messages by this.
inline void PrintTo(const MaskingCase& of, std::ostream* out) { *out << of.name; }

namespace masking_corpus {

// «0D 0A» to bytes.
inline std::string with_bytes(std::string_view line) {
  constexpr std::string_view kOpen = "\xC2\xAB", kClose = "\xC2\xBB";
  std::string out;
  for (std::size_t open = line.find(kOpen); open != std::string_view::npos; open = line.find(kOpen)) {
    const std::size_t close = line.find(kClose, open);
    if (close == std::string_view::npos) throw std::runtime_error("bytes without an end");
    out.append(line.substr(0, open));
    std::size_t at = open + kOpen.size();
    while (at < close) {
      const int high = hex_value(line[at]), low = hex_value(line[at + 1]);
      if (high < 0 || low < 0) throw std::runtime_error("bytes that are not hexadecimal");
      out += static_cast<char>(high * 16 + low);
      at += 2;
      if (line[at] == ' ') ++at;
    }
    line.remove_prefix(close + kClose.size());
  }
  return out.append(line);
}

inline std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  std::istringstream in{std::string(list)};
  for (std::string name; std::getline(in, name, ',');) names.push_back(name);
  return names;
}

// The lines of one file, one after the other.
class Reader {
 public:
  explicit Reader(std::vector<MaskingCase>& cases) : cases_(cases) {}

  void line(std::string_view line) {
    if (line.empty() || line[0] == '#') return;
    const std::string_view rest = line.size() > 1 ? line.substr(2) : std::string_view();
    if (line.size() > 1 && line[1] != ' ') throw std::runtime_error("no blank after the first character");
    switch (line[0]) {
      case '@':
        return place(rest);
      case ':':
        return begin_case(rest);
      case '<':
        return add(has_input_, rest, current().input);
      case '>':
        return add(has_output_, rest, current().output);
      case '!':
        return current().secrets.push_back(with_bytes(rest));
      default:
        throw std::runtime_error("a line of no known kind");
    }
  }

  // To be called after the last line of a file.
  void end_case() {
    if (!open_) return;
    if (!has_input_) throw std::runtime_error(current().name + " has no input");
    if (!has_output_) current().output = current().input;
    open_ = false;
  }

 private:
  void place(std::string_view text) {
    end_case();
    constexpr std::string_view kWords[] = {"body", "header", "tag", "url", "query", "text"};
    const std::string_view word = text.substr(0, text.find(' '));
    const auto found = std::find(std::begin(kWords), std::end(kWords), word);
    if (found == std::end(kWords)) throw std::runtime_error("no such place");
    where_ = static_cast<MaskingCase::Where>(found - std::begin(kWords));
    of_ = word.size() < text.size() ? with_bytes(text.substr(word.size() + 1)) : "";
  }

  void begin_case(std::string_view text) {
    end_case();
    std::istringstream words{std::string(text)};
    MaskingCase& added = cases_.emplace_back();
    open_ = true;
    has_input_ = has_output_ = false;
    added.where = where_;
    added.of = of_;
    words >> added.name;
    for (std::string word; words >> word;) {
      if (word == "cut")
        added.cut = true;
      else if (word.starts_with("extra="))
        added.extra = names_of(std::string_view(word).substr(6));
      else if (word.starts_with("allow="))
        added.allow = names_of(std::string_view(word).substr(6));
      else
        throw std::runtime_error("no such option: " + word);
    }
  }

  MaskingCase& current() {
    if (!open_) throw std::runtime_error("a line of no case");
    return cases_.back();
  }

  static void add(bool& begun, std::string_view line, std::string& text) {
    if (begun) text += '\n';
    text += with_bytes(line);
    begun = true;
  }

  std::vector<MaskingCase>& cases_;
  MaskingCase::Where where_ = MaskingCase::Where::kText;
  std::string of_;
  bool open_ = false, has_input_ = false, has_output_ = false;
};

}  // namespace masking_corpus

// Every case of `folder`, in order of the files' names. Throws std::runtime_error that names file and line.
inline std::vector<MaskingCase> read_masking_corpus(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".cases") files.insert(file.path());
  std::vector<MaskingCase> cases;
  masking_corpus::Reader reader(cases);
  std::set<std::string> names;
  for (const auto& file : files) {
    std::istringstream lines(file_bytes(file));
    int number = 0;
    try {
      for (std::string line; ++number, std::getline(lines, line);) reader.line(line);
      reader.end_case();
    } catch (const std::exception& error) {
      throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  for (const MaskingCase& each : cases)
    if (!names.insert(each.name).second) throw std::runtime_error("two cases are named " + each.name);
  return cases;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_MASKING_CORPUS_H_
