#include "tests/masking/stored_bytes.h"

#include <filesystem>
#include <stdexcept>

#include "server/store/sqlite_reader.h"
#include "testing/file_bytes.h"

namespace logs_sdk {

std::string bytes_of_files(const std::string& folder) {
  std::string bytes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file_bytes(file.path()) + '\n';
  }
  return bytes;
}

std::string bytes_of_store(const std::string& data_folder) {
  std::string bytes = bytes_of_files(data_folder);
  const auto reader = logs_server::SqliteReader::open_read_only(data_folder + "/store.db");
  if (!reader.ok()) throw std::runtime_error(reader.status().message());
  const auto scanned = reader.value()->scan({}, [&](const logs_server::ScannedEntry& entry) {
    bytes.append(entry.document()) += '\n';
    return true;
  });
  if (!scanned.ok()) throw std::runtime_error(scanned.message());
  return bytes;
}

}  // namespace logs_sdk
