// A file's whole contents, read and replaced in one call.
#ifndef LOGS_SDK_TESTING_FILE_BYTES_H_
#define LOGS_SDK_TESTING_FILE_BYTES_H_

#include <fstream>
#include <iterator>
#include <string>

namespace logs_sdk::inline v1 {

inline std::string file_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void replace_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_FILE_BYTES_H_
